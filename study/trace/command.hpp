#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep trace RUN [--format chrome|csv] [--out FILE]`. Returns the exit status. Errors: base::Error.
int run_trace(std::span<const std::string> arguments);

}  // namespace lockstep::study
