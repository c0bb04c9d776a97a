#pragma once

#include <string>
#include <vector>

#include "base/progress_line.hpp"
#include "study/sweep/run.hpp"

namespace lockstep::study {

/// The runs that this start has made and has to make; `elapsed_s` is how long it has been running.
base::WorkDone work_done(const SweepProgress& progress, double elapsed_s);

/// `37 of 100 runs`, `2 failed`, `1 runs/s`, `63 s left`; rate and time left are those of the
/// runs that this start made.
std::vector<std::string> describe(const SweepProgress& progress, double elapsed_s);

}  // namespace lockstep::study
