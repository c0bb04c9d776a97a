#pragma once

#include "base/progress_line.hpp"
#include "scenario/config.hpp"

namespace lockstep::study {

/// Whether --progress wants it shown on stderr.
bool wants_progress(const scenario::Config& config);

/// Seconds of this machine since a fixed moment, for the line.
double wall_clock_s();

}  // namespace lockstep::study
