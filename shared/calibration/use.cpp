#include "calibration/use.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/units.hpp"
#include "calibration/run_sizes.hpp"

namespace lockstep::calibration {
std::vector<std::string> warnings_of_use(const scenario::CalibrationFile& calibration,
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

}  // namespace lockstep::calibration
