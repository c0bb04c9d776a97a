#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep plot RUN... --figure FIGURE --out FILE`. Returns the exit status. Errors: base::Error.
int run_plot(std::span<const std::string> arguments);

}  // namespace lockstep::study
