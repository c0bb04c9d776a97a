#include "study/validate/request.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/process/cores.hpp"
#include "data/source.hpp"
#include "scenario/applicability.hpp"
#include "scenario/options/options.hpp"
#include "study/folder_list.hpp"
#include "study/scenario_check.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Config;
using scenario::Invocation;

constexpr std::uint64_t repeats_max = 10'000;
constexpr double tolerance_max = 1e6;

std::size_t parse_count(const Invocation& invocation, const std::string& key) {
    const option::WholeRange range{1, repeats_max};
    return option::parse_whole(fmt::format("--{}", key), invocation.extra.at(key), range,
                               option::describe(range));
}

/// `5` and `5%` are the same.
double parse_tolerance_percent(const Invocation& invocation, const std::string& key) {
    const std::string& given = invocation.extra.at(key);
    const std::string option = fmt::format("--{}", key);
    constexpr std::string_view allowed = "per cent: a number above 0 and at most 1000000, such as 5";
    const bool has_sign = given.ends_with('%');
    try {
        return option::parse_positive_real(option, given.substr(0, given.size() - (has_sign ? 1 : 0)),
                                           tolerance_max, allowed);
    } catch (const InputError&) {
        throw InputError(option, given, allowed);
    }
}

bool is_given(const Invocation& invocation, std::string_view key) {
    return invocation.given_on_command_line(key) || invocation.given_in_file(key);
}

/// The scenario without what real runs alone have a use for.
Invocation of_simulation(Invocation invocation) {
    std::erase(invocation.command_line_keys, "emulate-speed");
    return invocation;
}

/// Whoever describes the machine, or has measured elsewhere, does not want this one to be measured.
bool calibrates(const Invocation& invocation, const ValidationRequest& request) {
    constexpr std::string_view keys[]{"platform", "speed", "latency", "bandwidth"};
    return request.measured.empty() &&
           std::ranges::none_of(keys, [&](std::string_view key) { return is_given(invocation, key); });
}

/// In a file without `=` the key is that of lockstep break-even.
bool has_changes(const Invocation& invocation) {
    const std::string& given = invocation.extra.at("against");
    return given.find('=') != std::string::npos ||
           (invocation.given_on_command_line("against") && !given.empty());
}

void refuse_half_of_a_pair(const Invocation& invocation, const ValidationRequest& request) {
    if (request.changes.empty()) {
        for (const char* key : {"pairs", "measured-against", "difference-tolerance"})
            if (invocation.given_on_command_line(key))
                throw InputError(fmt::format(
                    "--{}: it applies only with --against, which changes something; remove it", key));
        return;
    }
    if (invocation.given_on_command_line("repeats"))
        throw InputError("--repeats: with --against runs are made in pairs; give --pairs in its place");
    const std::size_t others = folder_list(invocation, "measured-against").size();
    if (others > 0 && request.measured.empty())
        throw InputError("--measured-against: it applies only with --measured, the other side's results");
    if (others != request.measured.size())
        throw InputError(
            "--measured-against", fmt::format("{} folders", others),
            fmt::format("{}, one for each of --measured, as pairs", request.measured.size()),
            "name the results of both sides, run by turns, or leave both keys out to make the runs");
}

void refuse_what_has_no_effect(const Invocation& invocation, const ValidationRequest& request) {
    refuse_half_of_a_pair(invocation, request);
    if (!request.calibrates && invocation.given_on_command_line("budget"))
        throw InputError("--budget: it is that of a calibration, and the platform is given; remove it");
    if (request.measured.empty()) return;
    for (const char* key : {"launcher", "launcher-args"})
        if (invocation.given_on_command_line(key))
            throw InputError(fmt::format("--{}: no real run is made with --measured; remove it", key));
    for (const char* key : {"repeats", "pairs"})
        if (invocation.given_on_command_line(key) && !scenario::applies("platform-seed", invocation.config) &&
            scenario::is_deterministic(invocation.config))
            throw InputError(
                fmt::format("--{}: with --measured it applies only with --heterogeneity, --variability or "
                            "--jitter, whose draws differ, and with methods that depend on timing; remove it",
                            key));
}

void require_arithmetic(const Config& config) {
    if (scenario::is_phantom(config))
        throw InputError("--model", config.model, "fully-connected, since real runs train it",
                         "a phantom model exists in simulation alone");
    if (config.numerics == scenario::Numerics::none)
        throw InputError("--numerics", "none", "real, since accuracy and parameters are compared",
                         "leave it out");
}

}  // namespace

bool emulates_full_speed(const Config& config) {
    return config.emulate_speed_flops.has_value();
}

bool concerns_real_runs(const scenario::Option& option, const Config& config) {
    return scenario::has_use_for(option, World::real, config);
}

void require_no_simulated_events(const Config& config) {
    for (const std::string_view key : {"straggler", "pause", "failure", "speed-profile"}) {
        const scenario::Option& option = *scenario::find_option(key);
        if (concerns_real_runs(option, config)) continue;
        const std::string value = option.kind.get(config);
        if (value != scenario::default_text(option))
            throw InputError(fmt::format("--{}", key), value, "nothing",
                             "it happens in simulation alone, so that a real run would be another one; "
                             "leave it out; stragglers and pauses can be emulated: --emulate-speed");
    }
}

void require_a_core_for_each_rank(const Config& config, const Launcher& launcher) {
    const std::size_t ranks = scenario::rank_count(config);
    launcher.require_room(ranks);
    if (!launcher.oversubscribes(ranks) || emulates_full_speed(config)) return;
    throw InputError(
        "--workers", fmt::format("{} ranks, servers included", ranks),
        fmt::format("at most {}, one for each core that may be used here", base::allowed_cores()),
        "waiting ranks would take time from computing ones, so that no time would mean "
        "anything; use fewer workers, emulated processors, other hosts (--launcher-args) or "
        "results of a cluster (--measured)");
}

ValidationRequest requested_validation(const Invocation& invocation) {
    const Config& config = invocation.config;
    ValidationRequest request;
    if (has_changes(invocation)) request.changes = parse_changes(invocation.extra.at("against"));
    request.repeats = parse_count(invocation, request.changes.empty() ? "repeats" : "pairs");
    request.criteria.time_percent = invocation.extra.at("time-tolerance").empty()
                                        ? usual_time_tolerance_percent(config)
                                        : parse_tolerance_percent(invocation, "time-tolerance");
    request.difference_percent = parse_tolerance_percent(invocation, "difference-tolerance");
    request.measured = folder_list(invocation, "measured");
    request.measured_against = invocation.extra.at("measured-against");
    request.calibrates = calibrates(invocation, request);
    request.budget_s = option::parse_quantity("--budget", invocation.extra.at("budget"),
                                              option::Quantity::time, {"1s", "1h"});
    refuse_what_has_no_effect(invocation, request);
    require_arithmetic(config);
    if (request.measured.empty()) require_no_simulated_events(config);
    check_scenario(of_simulation(invocation), World::simulated);
    request.criteria.test_samples =
        data::shape(config.data, config.train_samples, config.test_samples, data::Purpose::loading)
            .test_samples;
    return request;
}

}  // namespace lockstep::study
