#include "study/time_range/calibration_ends.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "option/lists.hpp"
#include "scenario/applicability.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::study {
namespace {

using scenario::Config;
using scenario::Invocation;
using scenario::Option;
using scenario::Quantity;

bool is_given(std::string_view key, const Invocation& invocation) {
    return invocation.given_on_command_line(key) || invocation.given_in_file(key);
}

/// Whether the run may take another time with another value. The one size, the eager limit, is left out.
bool has_part(const Option& option, const Config& config) {
    if (!option.kind.number || option.kind.number->quantity == Quantity::size) return false;
    if (option.kind.get(config) == "none" || !scenario::applies(option.key, config)) return false;
    if (option.key == "code-speed") return scenario::code_of(config) != "none";
    return option.group != scenario::Group::network || scenario::rank_count(config) > 1;
}

/// Workers that were measured to differ in speed keep their ratios.
void scale_speeds(Config& config, double before_flops) {
    for (double& speed_flops : config.speeds_flops) speed_flops *= config.speed_flops / before_flops;
}

/// Latencies of other sizes, which are told as multiples of that of the smallest, move by as much as that.
void shift_latencies(Config& config, double before_s) {
    if (config.latency_factor.empty()) return;
    std::string text;
    for (const std::string_view part : option::split_list(config.latency_factor, ';')) {
        constexpr double least = 1e-9;
        const std::size_t colon = part.find(':') + 1;
        const double before = std::stod(std::string(part.substr(colon)));
        const double now = (before * before_s + config.latency_s - before_s) / config.latency_s;
        text +=
            fmt::format("{}{}{:.6g}", text.empty() ? "" : ";", part.substr(0, colon), std::max(now, least));
    }
    config.latency_factor = text;
}

/// Nothing where that is the value already.
std::optional<Config> at_end(const Option& option, const std::string& end, const Invocation& invocation) {
    const Config& config = invocation.config;
    Config moved = config;
    option.kind.set(moved, fmt::format("--platform {}: intervals: {}", config.platform, option.key), end);
    if (option.key == "speed" && !is_given("speeds", invocation)) scale_speeds(moved, config.speed_flops);
    if (moved == config) return {};
    if (option.key == "latency" && !is_given("latency-factor", invocation))
        shift_latencies(moved, config.latency_s);
    return moved;
}

}  // namespace

std::vector<SettingEnds> calibration_ends(const Invocation& invocation) {
    if (!scenario::is_calibrated(invocation.config)) return {};
    const scenario::CalibrationFile calibration = scenario::read_calibrations(invocation.config);
    std::vector<SettingEnds> settings;
    for (const scenario::SettingRange& range : calibration.intervals) {
        const Option* option = scenario::find_option(range.key);
        if (option == nullptr || is_given(range.key, invocation) || !has_part(*option, invocation.config))
            continue;
        SettingEnds ends{range.key, at_end(*option, range.lower, invocation),
                         at_end(*option, range.upper, invocation)};
        if (ends.lower || ends.upper) settings.push_back(std::move(ends));
    }
    return settings;
}

}  // namespace lockstep::study
