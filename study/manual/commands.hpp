#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep completion SHELL [--out FILE]`. Returns the exit status. Errors: base::Error.
int run_completion(std::span<const std::string> arguments);

/// `lockstep man [COMMAND] [--out DIR]`, likewise.
int run_man(std::span<const std::string> arguments);

}  // namespace lockstep::study
