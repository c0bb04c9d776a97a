#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep break-even`: the value of a key at which two things take equally long. Returns 0, also where
/// there is none. Throws InputError, EnvironmentError, Interrupted.
int run_break_even(std::span<const std::string> arguments);

}  // namespace lockstep::study
