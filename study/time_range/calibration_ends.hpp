#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/parse.hpp"

namespace lockstep::study {

/// A setting of a calibration, and the run with it at either end of its interval: without one for an end that
/// is the setting's own value.
struct SettingEnds {
    std::string key;
    std::optional<scenario::Config> lower;
    std::optional<scenario::Config> upper;
};

/// Of every setting for which the run's calibration knows an interval, but those that the run was given, that
/// have no part in it, or whose interval is their value; and but for the eager limit, between whose ends no
/// size was timed. Workers that were measured to differ in speed keep their ratios. None where the platform
/// is no calibration, or one without intervals. Errors: InputError as read_calibrations(), and for an end
/// that its option refuses.
std::vector<SettingEnds> calibration_ends(const scenario::Invocation& invocation);

}  // namespace lockstep::study
