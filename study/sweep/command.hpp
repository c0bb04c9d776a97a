#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep sweep`: runs the product of axes in the simulated world and keeps every result in --out, where
/// the next start finds it. Returns 0, or 3 where a run failed, each of which is shown after the others.
int run_sweep_command(std::span<const std::string> arguments);

}  // namespace lockstep::study
