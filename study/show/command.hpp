#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep show RUN [--partial]`, or of a sweep `lockstep show DIR`. Returns the exit status. Errors:
/// base::Error.
int run_show(std::span<const std::string> arguments);

}  // namespace lockstep::study
