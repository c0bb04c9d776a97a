#pragma once

#include <vector>

#include "scenario/config.hpp"

namespace lockstep::study {

/// The run at the slow and at the fast end of its calibration: every setting for which that knows an interval
/// is at the end of it at which runs take longer, or shorter, unless it was given another value since. None
/// where the platform is no calibration, or one without intervals. Errors: InputError as read_calibration(),
/// and for an end that its option refuses.
std::vector<scenario::Config> calibration_ends(const scenario::Config& config);

}  // namespace lockstep::study
