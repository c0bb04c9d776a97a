#include "sim/trust/expected_error.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/units.hpp"
#include "calibration/use.hpp"
#include "scenario/applicability.hpp"

namespace lockstep::sim {
namespace {

using scenario::CalibrationFile;
using scenario::Config;

constexpr std::size_t fewest_cases = 10;  // of which nine in ten can be told
constexpr double least_rate_share = 0.9;  // what messages get of a link is somewhat less than its rate
constexpr double size_factor = 4;         // that models may be smaller or larger than those of cases
constexpr double value_bytes = 4;

std::string rate_text(double bps) {
    return bps < 1e9 ? base::format_number(bps / 1e6) + " Mbit/s"
                     : base::format_number(bps / 1e9) + " Gbit/s";
}

std::string between(const std::string& least, const std::string& most) {
    return least == most ? least : fmt::format("{} to {}", least, most);
}

std::string text_of(const Conditions& conditions, const std::string& link) {
    return fmt::format("{}, {}, {}", conditions.kind, link,
                       conditions.processors == "emulated" ? "emulated processors" : "cores as they are");
}

std::string link_text(const Conditions& conditions) {
    if (conditions.link == "network") return "links between hosts";
    if (conditions.link == "one machine") return "messages within one machine";
    return conditions.link == "none" ? "no messages" : conditions.link;
}

std::string like_text(const ErrorClass& like) {
    const Conditions& conditions = like.conditions;
    return text_of(conditions, conditions.link == "network" ? "links of " + between(rate_text(like.from_bps),
                                                                                    rate_text(like.until_bps))
                                                            : link_text(conditions));
}

/// What keeps a run from being like the cases of a class that has its conditions and rate; empty: nothing.
std::string difference(const ErrorClass& like, const Likeness& run) {
    if (like.cases < fewest_cases)
        return fmt::format("only {} validated case{} like it: {}", like.cases,
                           like.cases == 1 ? " is" : "s are", like_text(like));
    if (std::ranges::find(like.methods, run.method) == like.methods.end())
        return fmt::format("no {} was validated: {}", run.method, like_text(like));
    if (run.workers < like.least_workers || run.workers > like.most_workers)
        return fmt::format(
            "it has {} workers; validated: {}", run.workers,
            between(fmt::format("{}", like.least_workers), fmt::format("{}", like.most_workers)));
    if (run.model_bytes < like.least_bytes / size_factor || run.model_bytes > like.most_bytes * size_factor)
        return fmt::format(
            "its model has {}; validated: {}", base::format_bytes(run.model_bytes),
            between(base::format_bytes(like.least_bytes), base::format_bytes(like.most_bytes)));
    return {};
}

result::ExpectedError unknown(std::string why) {
    result::ExpectedError error;
    error.why_unknown = std::move(why);
    return error;
}

/// Of several that differ in their rates, ascending.
const ErrorClass& at_rate(const std::vector<const ErrorClass*>& classes, double bandwidth_bps) {
    const ErrorClass* found = classes.front();
    for (const ErrorClass* row : classes)
        if (bandwidth_bps >= row->from_bps) found = row;
    return *found;
}

std::string kind_of(const Config& config) {
    if (scenario::applies("collective", config) && !config.collective->is_pinned())
        return "library collective";
    const bool is_by_timing = !scenario::is_deterministic(config) && config.workers > 1;
    return is_by_timing ? "by timing" : "fixed order";
}

std::string link_of(const CalibrationFile& calibration, const Config& config) {
    const std::vector<std::string>& kinds = calibration.messages.kinds;
    if (scenario::rank_count(config) < 2) return "none";
    if (kinds.size() != 1) return "several ranks a host";
    return kinds.front() == "local" ? "one machine" : "network";
}

/// With what of its options makes other messages.
std::string method_text(const Config& config) {
    std::string text(config.method.name());
    if (scenario::applies("compression", config) && !config.compression->is_plain())
        text += fmt::format(" with {}", config.compression.name());
    if (scenario::applies("buckets", config) && config.buckets > 0) text += " in buckets";
    if (scenario::server_count(config) > 1) text += " on several servers";
    return text;
}

/// Keys by which the run's times differ from those on the calibration as it is. Multiples of the speed of
/// emulated processors are kept as exactly in the real world.
std::string changes_of_times(const Config& config, const CalibrationFile& calibration) {
    const Config defaults;
    Config timed = config;
    timed.memory_B = defaults.memory_B;
    timed.idle_power_W = defaults.idle_power_W;
    timed.busy_power_W = defaults.busy_power_W;
    timed.link_idle_power_W = defaults.link_idle_power_W;
    timed.link_busy_power_W = defaults.link_busy_power_W;
    if (calibration.emulate_speed != "none") timed.speed_multiples.clear();
    return scenario::changed_since_calibration(timed, calibration);
}

/// Why no validated case can be like the run, whatever cases there are; empty where some can.
std::string why_unlike_all(const CalibrationFile* calibration, const Config& config,
                           const run::Problem& problem) {
    if (scenario::is_phantom(config)) return "no model known by its size alone was ever validated";
    if (calibration == nullptr) return "times are those of the platform as described; calibrate to get one";
    if (calibration->world.empty()) return "its calibration was fitted to a table of runs";
    if (calibration->world != "real") return "its calibration was not measured on a real machine";
    if (calibration->model.empty()) return "its calibration is of a network alone";
    if (scenario::rank_count(config) > 1 && calibration->messages.largest_bytes == 0)
        return "its calibration is of steps alone";
    if (const std::string changes = changes_of_times(config, *calibration); !changes.empty())
        return "changed since it was calibrated: " + changes;
    if (!calibration::warnings_of_messages(*calibration, config, problem).empty())
        return "its messages have a size that its calibration does not know";
    if (!calibration::warnings_of_updates(*calibration, config, problem).empty())
        return "its updates are not those that were calibrated";
    return {};
}

}  // namespace

Likeness likeness_of(const CalibrationFile& calibration, const Config& config, const run::Problem& problem) {
    const std::string processors = calibration.emulate_speed == "none" ? "cores" : "emulated";
    return {{kind_of(config), processors, link_of(calibration, config)},
            8 * config.bandwidth_Bps,
            config.workers,
            value_bytes * static_cast<double>(problem.parameters),
            method_text(config)};
}

result::ExpectedError expected_error(std::span<const ErrorClass> classes, const Likeness& run) {
    std::vector<const ErrorClass*> alike;
    for (const ErrorClass& row : classes)
        if (row.conditions == run.conditions) alike.push_back(&row);
    if (alike.empty())
        return unknown("no validated case is like it: " + text_of(run.conditions, link_text(run.conditions)));
    const bool has_rates = run.conditions.link == "network";
    const double least_bps = alike.front()->from_bps;
    const double most_bps = alike.back()->until_bps;
    if (has_rates && (run.bandwidth_bps < least_rate_share * least_bps || run.bandwidth_bps > most_bps))
        return unknown(fmt::format("its links have {}; validated: {}", rate_text(run.bandwidth_bps),
                                   between(rate_text(least_bps), rate_text(most_bps))));
    const ErrorClass& like = has_rates ? at_rate(alike, run.bandwidth_bps) : *alike.front();
    if (std::string why = difference(like, run); !why.empty()) return unknown(std::move(why));
    return {like_text(like),          like.cases,         like.median_percent,
            like.nine_in_ten_percent, like.worst_percent, {}};
}

result::ExpectedError expected_error(const CalibrationFile* calibration, const Config& config,
                                     const run::Problem& problem) {
    if (std::string why = why_unlike_all(calibration, config, problem); !why.empty())
        return unknown(std::move(why));
    const std::vector<ErrorClass> classes = read_error_classes(error_classes_csv());
    return expected_error(classes, likeness_of(*calibration, config, problem));
}

}  // namespace lockstep::sim
