#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep validate`: holds simulated runs against real ones, and what a change does to either. Returns the
/// base::ExitStatus of its verdict. Throws base::Error, Interrupted.
int run_validate(std::span<const std::string> arguments);

}  // namespace lockstep::study
