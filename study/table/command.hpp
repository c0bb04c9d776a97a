#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep table`: the report's table in either world. Returns 0, or 3 where a row failed, which is shown
/// after the others.
int run_table(std::span<const std::string> arguments);

}  // namespace lockstep::study
