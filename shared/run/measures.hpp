#pragma once

#include "result/result.hpp"

namespace lockstep::run {

/// Fills in what the history tells of the shared parameters: time and energy until `--target-accuracy`, and
/// the accuracy at `--time-budget`, interpolated linearly between evaluations. The first one at or above the
/// target counts; a later fall below it does not.
///
/// Example: accuracy 0.1 at 0 s, 0.9 at 2 s, 0.94 at 4 s: 0.92 is reached at 3 s, 0.95 never; at 1 s it is
/// 0.5, at 9 s 0.94.
void add_measures(result::Result& result);

}  // namespace lockstep::run
