#pragma once

#include <cstddef>

#include "scenario/parse.hpp"
#include "study/launcher.hpp"

namespace lockstep::study {

/// Everything about a run that can be checked before it is started: scenario::validate(), what the world
/// cannot do, the data's files and headers, and that a batch fits into a worker's part. Throws InputError.
void check_scenario(const scenario::Invocation& invocation, World world);

}  // namespace lockstep::study
