#pragma once

#include <string>

#include "result/result.hpp"

namespace lockstep::result {

/// One run for people: what ran where, loss and accuracy, where the time went, traffic counted and predicted,
/// staleness, and a row for each rank (of more than 16, the first and last eight). ASCII, at most 120 columns
/// for host names of up to 12 characters.
std::string to_text(const Result& result);

/// The workers that did not take all their steps because they stopped, and what of the platform failed; empty
/// for a run that ended as it should.
std::string who_stopped(const Result& result);

/// Where a run's time comes from, such as `simulated, uncalibrated`.
std::string source_of_time(const Provenance& provenance);

/// Between which moments the target was met, and a warning where they lie too far apart to speak of the time
/// between them; empty where it was not met.
std::string target_bracket(const Measures& measures);

}  // namespace lockstep::result
