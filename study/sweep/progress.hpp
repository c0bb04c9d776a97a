#pragma once

#include <string>

#include "study/sweep/run.hpp"

namespace lockstep::study {

/// `37 of 100 runs, 2 failed, 12 s left`. `elapsed_s` is how long this start has been running; what is left
/// is estimated from the runs that it made.
std::string describe(const SweepProgress& progress, double elapsed_s);

}  // namespace lockstep::study
