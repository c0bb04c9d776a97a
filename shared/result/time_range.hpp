#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::result {

/// Where the time of a simulated run lies among those of runs that might as well have been: what it says is
/// that of one of them.
struct TimeRange {
    std::size_t seeds = 0;  ///< runs alike but for chance, this one included
    std::string over;       ///< what they differ in: `5 platform seeds`
    double lower_s = 0;
    double median_s = 0;
    double upper_s = 0;
};

/// By how much the time of a run changes where one setting of its calibration is at an end of its interval.
struct SettingEffect {
    std::string key;
    double lower_change_s = 0;  ///< at the lower end
    double upper_change_s = 0;
};

/// Between which times a simulated run lies by what its calibration knows of its own settings.
struct CalibrationRange {
    double lower_s = 0;
    double upper_s = 0;
    std::vector<SettingEffect> settings;
};

/// What runs took in which one setting of the calibration was at an end of its interval: the run itself, then
/// as many as there are of those that are alike but for chance; none for an end that is the setting's value.
struct TimesAtEnds {
    std::string key;
    std::vector<double> lower_s;
    std::vector<double> upper_s;
};

/// What runs took that were made beside one, as lockstep tells the program of that run.
struct TimesBeside {
    std::string varied;                 ///< `platform seeds`; empty where nothing was varied
    std::vector<double> times_s;        ///< of runs that are alike but for that
    std::vector<TimesAtEnds> settings;  ///< of the calibration
};

/// The environment variable by which it is told. Linux takes 128 KiB in one, so that there is a limit.
inline constexpr const char* times_beside_variable = "LOCKSTEP_TIMES_BESIDE";
inline constexpr std::size_t times_beside_max = 1000;

std::string to_json(const TimesBeside& beside);
/// Errors: InputError naming the variable where it is longer than what lockstep writes, or holds something
/// else than that: at most times_beside_max times, no more at an end, finite and above 0, and a few words.
TimesBeside times_beside_from_json(std::string_view text);

/// With the time of the run itself. Unset where there are no others that are alike but for chance.
std::optional<TimeRange> time_range(const TimesBeside& beside, double own_s);

/// Around the median of the run itself and those that are alike but for chance, never below 0: what the
/// settings add to it each, and what they take from it, in quadrature (Gaussian error propagation of
/// independent settings). An end counts by the median of as many runs alike as were made there, less that of
/// as many without it. Unset where no setting was varied.
std::optional<CalibrationRange> calibration_range(const TimesBeside& beside, double own_s);

}  // namespace lockstep::result
