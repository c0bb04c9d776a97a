#include "api/command_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/terminal.hpp"
#include "option/suggest.hpp"
#include "option/values.hpp"
#include "scenario/help.hpp"
#include "scenario/parse.hpp"
#include "scenario/validate.hpp"
#include "scenario/world_check.hpp"

namespace lockstep {
namespace {

using base::InputError;
using scenario::World;

constexpr option::WholeRange rank_range{1, 65536};

/// They describe what a program of its own does not have, or does not report.
constexpr std::array<std::string_view, 6> without_effect{"data-cache", "memory",          "idle-power",
                                                         "busy-power", "link-idle-power", "link-busy-power"};

bool has_effect(std::string_view key) {
    return std::ranges::find(without_effect, key) == without_effect.end();
}

bool is_of(const scenario::Option& option, World world) {
    using enum scenario::Group;
    if (world == World::simulated)
        return scenario::is_about_platform(option.group) && option.group != emulation;
    return option.group == emulation || option.group == slowness || option.group == real_runs;
}

/// Each option of the program's own has a name that nothing else has, in both worlds.
void require_own_names(const Program& program) {
    std::set<std::string_view> taken{"ranks", "help", "version"};
    for (const Option& option : program.options) {
        const scenario::Option* known = scenario::find_option(option.key);
        if ((known != nullptr && scenario::is_about_platform(known->group)) ||
            !taken.insert(option.key).second)
            throw InputError("Program::options", option.key, "keys that are not taken",
                             "choose another name");
    }
}

std::vector<scenario::ExtraOption> own_options(const Program& program, World world) {
    require_own_names(program);
    std::vector<scenario::ExtraOption> all;
    for (const Option& option : program.options)
        all.push_back({option.key, option.placeholder, option.default_value, option.help});
    if (world == World::simulated) all.push_back({"ranks", "N", "1", "Ranks that are simulated."});
    return all;
}

/// Sorts words by whom they are for.
class Sorting {
  public:
    Sorting(const std::vector<scenario::ExtraOption>& own, World world) : own_(own), world_(world) {
        for (const auto& option : own) values[option.key] = option.default_value;
    }

    void take(std::span<const std::string> words) {
        for (; !words.empty(); words = words.subspan(1)) {
            const std::string& word = words.front();
            if (!word.starts_with("--")) {
                of_platform.push_back(word);
                continue;
            }
            const std::string key = word.substr(2, word.find('=') - 2);
            require_known(key);
            const bool is_own = values.contains(key);
            if (!is_own) of_platform.push_back(word);
            const bool has_value = word.find('=') != std::string::npos;
            if (!has_value && (words.size() < 2 || words[1].starts_with("--")))
                throw InputError(fmt::format("--{0}: the value is missing; write --{0} VALUE", key));
            const std::string value = has_value ? word.substr(word.find('=') + 1) : words[1];
            if (is_own) values[key] = value;
            if (!is_own && !has_value) of_platform.push_back(value);
            if (!has_value) words = words.subspan(1);
        }
    }

    std::map<std::string, std::string> values;
    std::vector<std::string> of_platform;

  private:
    void require_known(const std::string& key) const {
        if (!values.contains(key) && !has_effect(key))
            throw InputError(fmt::format("--{}: has no effect on a program of its own; leave it out", key));
        const scenario::Option* option = scenario::find_option(key);
        if (values.contains(key) || (option != nullptr && is_of(*option, world_))) return;
        if (option != nullptr && is_of(*option, World::simulated))
            throw InputError(
                fmt::format("--{}: describes a simulated platform, and this is a real run", key));
        std::vector<std::string_view> keys;
        for (const auto& own : own_) keys.push_back(own.key);
        for (const auto& one : scenario::options())
            if (is_of(one, world_) && has_effect(one.key)) keys.push_back(one.key);
        const std::string_view meant = option::nearest(key, keys);
        throw InputError(
            fmt::format("--{}: unknown option; {}", base::shortened(key),
                        meant.empty() ? "--help lists all" : fmt::format("did you mean --{}?", meant)));
    }

    const std::vector<scenario::ExtraOption>& own_;
    World world_;
};

std::string help(const Program& program, const std::vector<scenario::ExtraOption>& own, World world) {
    std::vector<scenario::Group> groups;
    for (const scenario::Group group : scenario::all_groups)
        if (const auto option = std::ranges::find(scenario::options(), group, &scenario::Option::group);
            option != scenario::options().end() && is_of(*option, world))
            groups.push_back(group);
    return scenario::help(fmt::format("{} [--key value ...]: {}", program.name, program.summary), groups, own,
                          "This program", without_effect);
}

void require_one_per_rank(std::string_view key, std::size_t count, std::size_t ranks) {
    if (count != 0 && count != ranks)
        throw InputError(fmt::format("--{}", key), fmt::format("{} {}", count, key),
                         fmt::format("one for each of the {} ranks", ranks));
}

}  // namespace

CommandLine read_command_line(const Program& program, std::span<const std::string> words, World world,
                              std::size_t ranks) {
    CommandLine line;
    const auto own = own_options(program, world);
    const auto asks_for = [&](std::string_view word) {
        return std::ranges::find(words, word) != words.end();
    };
    if (asks_for("--help") || asks_for("-h")) {
        line.text = help(program, own, world);
    } else if (asks_for("--version")) {
        line.text =
            fmt::format("{} with lockstep {} ({})\n", program.name, base::version(), base::git_revision());
    } else {
        Sorting sorting(own, world);
        sorting.take(words);
        line.ranks = world == World::real ? ranks
                                          : option::parse_whole("--ranks", sorting.values["ranks"],
                                                                rank_range, option::describe(rank_range));
        sorting.of_platform.push_back(fmt::format("--workers={}", line.ranks));
        scenario::Invocation invocation = scenario::parse(sorting.of_platform, {}, world);
        invocation.config = config_of(invocation.config, line.ranks);
        world == World::real ? scenario::require_real_world(invocation)
                             : scenario::require_simulated_world(invocation);
        scenario::validate(invocation);  // what has no effect is refused
        line.platform = invocation.config;
        line.own = std::move(sorting.values);
    }
    return line;
}

scenario::Config config_of(const scenario::Platform& platform, std::size_t ranks) {
    scenario::Config config;
    static_cast<scenario::Platform&>(config) = platform;
    config.workers = ranks;
    config.method = "sync-average";  // all ranks are alike; a method of a program has its servers among them
    require_one_per_rank("speeds", config.speeds_flops.size() + config.speed_multiples.size(), ranks);
    require_one_per_rank("latencies", config.latencies_s.size(), ranks);
    require_one_per_rank("bandwidths", config.bandwidths_Bps.size(), ranks);
    scenario::validate(config);
    return config;
}

base::Error error_of_rank(std::size_t rank, const std::exception& error) {
    base::ExitStatus status = base::ExitStatus::environment;
    if (const auto* ours = dynamic_cast<const base::Error*>(&error)) status = ours->status();
    if (dynamic_cast<const std::invalid_argument*>(&error) != nullptr) status = base::ExitStatus::bad_input;
    return {status, fmt::format("rank {}: {}", rank, error.what())};
}

const std::string& Rank::text(std::string_view key) const {
    const auto found = values_.find(std::string(key));
    if (found == values_.end())
        throw std::invalid_argument(fmt::format("Rank::text: the program has no option '{}'", key));
    return found->second;
}

std::uint64_t Rank::whole(std::string_view key) const {
    return option::parse_whole(fmt::format("--{}", key), text(key), option::any_count,
                               option::describe(option::any_count));
}

double Rank::number(std::string_view key) const {
    const std::string& given = text(key);
    double number = 0;
    const auto [rest, problem] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (problem != std::errc{} || rest != given.data() + given.size() || !std::isfinite(number))
        throw InputError(fmt::format("--{}", key), given, "a number");
    return number;
}

}  // namespace lockstep
