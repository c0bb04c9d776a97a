#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep compare`: several methods on one scenario, and what limits each. Returns 0, or 3 where a run
/// failed, which is told after the others.
int run_compare(std::span<const std::string> arguments);

}  // namespace lockstep::study
