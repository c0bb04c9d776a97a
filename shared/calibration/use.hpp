#pragma once

#include <string>
#include <vector>

#include "run/problem.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/config.hpp"

namespace lockstep::calibration {

/// What a calibration does not know of a run's messages: of the size that it sends most, where they are
/// larger than all that were timed, or the link is that of others.
std::vector<std::string> warnings_of_messages(const scenario::CalibrationFile& calibration,
                                              const scenario::Config& config, const run::Problem& problem);

/// What it does not know of what the run's optimisers and update rules do: where they have the speed of
/// others. Nothing where they have that of vectors, or one that was given.
std::vector<std::string> warnings_of_updates(const scenario::CalibrationFile& calibration,
                                             const scenario::Config& config, const run::Problem& problem);

/// All that it does not know of a run that is simulated on it.
std::vector<std::string> warnings_of_use(const scenario::CalibrationFile& calibration,
                                         const scenario::Config& config, const run::Problem& problem);

}  // namespace lockstep::calibration
