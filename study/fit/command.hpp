#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep fit CSV`: what runs made elsewhere say of their machines, and what other runs would take there.
/// Returns the exit status. Errors: InputError, EnvironmentError, Interrupted.
int run_fit(std::span<const std::string> arguments);

}  // namespace lockstep::study
