#include "calibration/use.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"
#include "calibration/run_sizes.hpp"
#include "calibration/timed_updates.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::calibration {

std::vector<std::string> warnings_of_messages(const scenario::CalibrationFile& calibration,
                                              const scenario::Config& config, const run::Problem& problem) {
    const scenario::TimedMessages& timed = calibration.messages;
    if (timed.largest_bytes == 0 || scenario::rank_count(config) < 2) return {};
    const auto usual = static_cast<double>(sizes_of_run(config, problem).usual);
    if (usual > timed.largest_bytes && !are_same_size(usual, timed.largest_bytes))
        return {
            fmt::format("--platform {}: this run's messages have mostly {}, and the largest that were "
                        "timed {}: what they take is guessed; calibrate with this run's options, a larger "
                        "--largest-message or a longer --budget",
                        config.platform, base::format_bytes(usual), base::format_bytes(timed.largest_bytes))};
    const auto is_it = [&](double bytes) { return are_same_size(usual, bytes); };
    if (timed.run_bytes.empty() || std::ranges::any_of(timed.run_bytes, is_it)) return {};
    return {
        fmt::format("--platform {}: this run's messages have mostly {}, and its link is that of a run "
                    "that sends none of that size; calibrate with this run's options, or the network "
                    "alone for runs of all kinds (--network-only)",
                    config.platform, base::format_bytes(usual))};
}

std::vector<std::string> warnings_of_updates(const scenario::CalibrationFile& calibration,
                                             const scenario::Config& config, const run::Problem& problem) {
    if (calibration.updates.empty() || !config.update_speed_flops) return {};
    const std::string speed = scenario::find_option("update-speed")->kind.get(config);
    const auto is_its_own = [&](const auto& setting) {
        return setting.first == "update-speed" && setting.second == speed;
    };
    if (std::ranges::none_of(calibration.settings, is_its_own)) return {};
    const std::string mine = updates_of(config, problem);
    if (mine == "none" || mine == calibration.updates) return {};
    return {
        fmt::format("--platform {}: this run's updates ({}) have the speed of others ({}); calibrate with "
                    "this run's method and optimiser, or give --update-speed",
                    config.platform, mine, calibration.updates)};
}

std::vector<std::string> warnings_of_use(const scenario::CalibrationFile& calibration,
                                         const scenario::Config& config, const run::Problem& problem) {
    std::vector<std::string> warnings = warnings_of_messages(calibration, config, problem);
    for (std::string& warning : warnings_of_updates(calibration, config, problem))
        warnings.push_back(std::move(warning));
    return warnings;
}

}  // namespace lockstep::calibration
