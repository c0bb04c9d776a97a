#pragma once

#include <span>
#include <string>

#include "calibration/findings.hpp"

namespace lockstep::calibration {

/// What of the findings is not to be relied upon, and why.
void add_warnings(Findings& found, const Measurements& measured);

/// Whether every host has equally many ranks in a row, the last one perhaps fewer, as a simulation has it.
/// By rank: the name of its host; one at least.
bool are_in_equal_blocks(std::span<const std::string> hosts);

}  // namespace lockstep::calibration
