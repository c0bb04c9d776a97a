#pragma once

#include <string>
#include <vector>

#include "study/sweep/run.hpp"

namespace lockstep::study {

/// `37 of 100 runs`, `2 failed`, `1 runs/s`, `63 s left`. `elapsed_s` is how long this start has been
/// running; rate and time left are those of the runs that it made.
std::vector<std::string> describe(const SweepProgress& progress, double elapsed_s);

}  // namespace lockstep::study
