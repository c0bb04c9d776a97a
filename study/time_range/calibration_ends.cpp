#include "study/time_range/calibration_ends.hpp"

#include <fmt/format.h>

#include "scenario/calibration_file.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::study {
namespace {

using scenario::Config;
using scenario::Option;
using scenario::Quantity;

enum class End { slow, fast };

/// Which of the two values a run takes longer with, or shorter; null where more of it means neither.
const std::string* value_at(End end, const Option& option, const scenario::SettingRange& range) {
    if (!option.kind.number || !option.kind.number->quantity) return nullptr;
    const bool takes_longer_with_more = *option.kind.number->quantity == Quantity::time;
    const bool is_rate = *option.kind.number->quantity == Quantity::speed ||
                         *option.kind.number->quantity == Quantity::bandwidth;
    if (!takes_longer_with_more && !is_rate) return nullptr;
    return takes_longer_with_more == (end == End::slow) ? &range.upper : &range.lower;
}

std::string calibrated_value(const scenario::CalibrationFile& calibration, const Option& option,
                             std::string_view subject) {
    Config scratch;
    for (const auto& [key, value] : calibration.settings)
        if (key == option.key) option.kind.set(scratch, subject, value);
    return option.kind.get(scratch);
}

/// Workers that were measured to differ in speed keep their ratios.
void scale_speeds(Config& config, double before_flops) {
    for (double& speed_flops : config.speeds_flops) speed_flops *= config.speed_flops / before_flops;
}

Config at_end(End end, const Config& config, const scenario::CalibrationFile& calibration) {
    Config moved = config;
    for (const scenario::SettingRange& range : calibration.intervals) {
        const std::string subject = fmt::format("--platform {}: intervals: {}", config.platform, range.key);
        const Option* option = scenario::find_option(range.key);
        if (option == nullptr) continue;
        const std::string* value = value_at(end, *option, range);
        if (value == nullptr) continue;
        const std::string calibrated = calibrated_value(calibration, *option, subject);
        if (calibrated == "none" || option->kind.get(config) != calibrated) continue;
        option->kind.set(moved, subject, *value);
        if (option->key == "speed" && config.speeds_flops == calibration.worker_speeds_flops)
            scale_speeds(moved, config.speed_flops);
    }
    return moved;
}

}  // namespace

std::vector<Config> calibration_ends(const Config& config) {
    if (!scenario::is_calibrated(config)) return {};
    const scenario::CalibrationFile calibration = scenario::read_calibrations(config);
    std::vector<Config> ends;
    for (const End end : {End::slow, End::fast})
        if (Config moved = at_end(end, config, calibration); moved != config)
            ends.push_back(std::move(moved));
    return ends;
}

}  // namespace lockstep::study
