#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::result {

/// Where the time of a simulated run lies among those of runs that might as well have been: what it says is
/// that of one of them.
struct TimeRange {
    std::size_t seeds = 0;  ///< runs alike but for chance, this one included
    std::string over;       ///< what they differ in: `5 platform seeds and the calibration's uncertainty`
    double lower_s = 0;     ///< of them and, with an uncertain calibration, of runs at its ends
    double median_s = 0;    ///< of them
    double upper_s = 0;
};

/// What runs took that were made beside one, as lockstep tells the program of that run.
struct TimesBeside {
    std::string varied;           ///< `platform seeds`; empty where nothing was varied
    std::vector<double> times_s;  ///< of runs that are alike but for that
    std::vector<double> ends_s;   ///< of runs at the ends of what the calibration may have been
};

/// The environment variable by which it is told. Linux takes 128 KiB in one, so that there is a limit.
inline constexpr const char* times_beside_variable = "LOCKSTEP_TIMES_BESIDE";
inline constexpr std::size_t times_beside_max = 1000;

std::string to_json(const TimesBeside& beside);
/// Errors: InputError naming the variable where it is longer than what lockstep writes, or holds something
/// else than that: at most times_beside_max times, finite and above 0, and a few words.
TimesBeside times_beside_from_json(std::string_view text);

/// With the time of the run itself.
TimeRange time_range(const TimesBeside& beside, double own_s);

}  // namespace lockstep::result
