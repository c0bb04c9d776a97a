#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep validate`: holds simulated runs against real ones. Returns 0 where every judged figure is within
/// its tolerance, else 1. Throws base::Error, Interrupted.
int run_validate(std::span<const std::string> arguments);

}  // namespace lockstep::study
