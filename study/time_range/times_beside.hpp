#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "scenario/parse.hpp"
#include "study/launch/launcher.hpp"

namespace lockstep::study {

/// How many runs alike make up the range of a simulated run's time, with itself. Errors: InputError naming
/// `--platform-seeds`.
std::size_t platform_seeds(const scenario::Invocation& invocation);

/// Simulates what else might have been: the run with other platform seeds, or ties that end otherwise, where
/// its result depends on timing; and with each setting of its calibration at either end of its interval
/// (calibration_ends()), there likewise with up to five of these seeds. Without arithmetic, which takes the
/// same simulated time. Returns what the program of the run is to be told (result::times_beside_variable):
/// nothing where there is nothing else, the run makes checkpoints, which others do not wait for, or one of
/// these runs comes to no end or refuses its input, as the run itself will. Cost: platform_seeds() - 1 runs
/// and two for each setting, of each of these seeds; none with one seed. Errors: those of platform_seeds()
/// and calibration_ends(), Interrupted.
std::optional<std::string> times_beside(const scenario::Invocation& invocation, const Launcher& launcher);

}  // namespace lockstep::study
