#pragma once

#include <string>
#include <vector>

#include "result/result.hpp"

namespace lockstep::result {

/// One run for people: what ran where, loss and accuracy, where the time went, traffic counted and predicted,
/// staleness, and a row for each rank (of more than 16, the first and last eight). ASCII, at most 80 columns;
/// of the rows of ranks 120, for host names of up to 12 characters.
std::string to_text(const Result& result);

/// The workers that did not take all their steps since their processors stand still for good, and that others
/// wait where they do: `worker 1 stopped at 5 ms after 2 steps; the others wait for ever`; then what of a
/// platform failed. Of a run that was interrupted: how to go on with it; of one that was aborted: why. Empty
/// where none stopped and the run ended.
std::string who_stopped(const Result& result);

/// What stands for the time of a run: the median of runs that might as well have been, where such were made.
double typical_time_s(const Result& result);

/// Between which times they lie, `(3.07 s to 3.45 s, 5 platform seeds)`, and between which the run does by
/// what its calibration knows of its settings, `(3.3 s to 3.6 s, 95 % by the calibration)`: those that there
/// are.
std::vector<std::string> ranges_of_time(const Result& result);

/// Where a run's time comes from, and what it is itself where it may be another one's that stands for it:
/// `this run 3.43 s; simulated, uncalibrated`.
std::string source_of_time(const Result& result);

/// Between which moments the target was met, and a warning where they lie too far apart to speak of the time
/// between them; empty where it was not met.
std::string target_bracket(const Measures& measures);

}  // namespace lockstep::result
