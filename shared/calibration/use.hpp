#pragma once

#include <string>
#include <vector>

#include "run/problem.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/config.hpp"

namespace lockstep::calibration {

/// What a calibration does not know of a run that is simulated on it: messages of the size that the run sends
/// most, where they are larger than all that were timed, or the link is that of others; and what its
/// optimisers and update rules do, where their speed is that of others.
std::vector<std::string> warnings_of_use(const scenario::CalibrationFile& calibration,
                                         const scenario::Config& config, const run::Problem& problem);

}  // namespace lockstep::calibration
