#include "scenario/options/options.hpp"

#include <vector>

#include "exchange/catalogue.hpp"

namespace lockstep::scenario {
namespace {

/// ` (in-turn, by-arrival)` where several methods have the key.
std::string shared_by(std::string_view key) {
    std::vector<std::string_view> names;
    for (const Method& method : Method::all())
        if (method->has(key)) names.push_back(method.name());
    return names.size() > 1 ? " (" + joined(names, ", ") + ")" : "";
}

std::vector<Option> exchange_options() {
    std::vector<Option> all;
    for (const auto& option : exchange::method_options())
        all.push_back(
            {option.key, Group::exchange, option.kind, std::string(option.help) + shared_by(option.key)});
    all.push_back(
        {"replay", Group::exchange,
         option::of(&Config::replay, option::text("FILE", "a file, or nothing", option::Empty::allowed)),
         "Force the order in which messages were taken in the run that wrote this file by --record."});
    return all;
}

}  // namespace

std::string_view title(Group group) {
    switch (group) {
        case Group::method:
            return "Method";
        case Group::exchange:
            return "Exchange";
        case Group::data:
            return "Data";
        case Group::model:
            return "Model";
        case Group::training:
            return "Training";
        case Group::measures:
            return "Measures";
        case Group::processors:
            return "Simulated processors";
        case Group::slowness:
            return "Simulated or emulated processors";
        case Group::emulation:
            return "Emulated processors";
        case Group::network:
            return "Simulated network";
        case Group::simulation:
            return "Simulation";
        case Group::real_runs:
            return "Real runs";
        case Group::output:
            return "Output";
    }
    return {};
}

bool is_about_platform(Group group) {
    using enum Group;
    return group == processors || group == slowness || group == emulation || group == network ||
           group == simulation;
}

bool decides_nothing(Group group) {
    return group == Group::output || group == Group::real_runs;
}

bool has_use_for(const Option& option, World world, const Config& config) {
    if (option.group == Group::real_runs) return world == World::real;
    if (!is_about_platform(option.group)) return true;
    if (world == World::simulated) return option.group != Group::emulation;
    if (option.group == Group::slowness)
        return option.key == "speeds" || config.emulate_speed_flops.has_value();
    return option.group == Group::emulation;
}

std::span<const Option> options() {
    static const std::vector<Option> table = [] {
        std::vector<Option> all;
        for (const auto& part :
             {run_options(), exchange_options(), data_options(), model_options(), training_options(),
              measure_options(), processor_options(), network_options(), message_options(),
              simulation_options(), output_options()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return table;
}

const Option* find_option(std::string_view key) {
    for (const Option& option : options())
        if (option.key == key) return &option;
    return nullptr;
}

std::string default_text(const Option& option) {
    return option.kind.get(Config{});
}

}  // namespace lockstep::scenario
