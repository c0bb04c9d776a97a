#pragma once

#include <span>
#include <string>

#include "calibration/findings.hpp"
#include "run/problem.hpp"
#include "scenario/config.hpp"

namespace lockstep::calibration {

/// What was measured, fitted and judged.
Findings find(const Measurements& measured, const scenario::Config& config, const run::Problem& problem);

/// Whether every host has equally many ranks in a row, the last one perhaps fewer, as a simulation has it.
/// By rank: the name of its host; one at least.
bool are_in_equal_blocks(std::span<const std::string> hosts);

}  // namespace lockstep::calibration
