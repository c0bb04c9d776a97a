#pragma once

#include <string_view>

#include "base/error.hpp"
#include "base/function_ref.hpp"

namespace lockstep::base {

/// Whoever read our stdout has gone (`| head`). The program ends without a word, as by SIGPIPE.
class BrokenPipe : public EnvironmentError {
  public:
    using EnvironmentError::EnvironmentError;
};

/// What every main() does around its `work`, which returns the exit status. An error ends in one line on
/// stderr after `name`, and in its status; BrokenPipe in SIGPIPE, as users of pipes expect, unless that is
/// ignored where the program was started. Where stderr did not take all that was told, success becomes
/// ExitStatus::environment: a warning may be lost.
///
/// Meanwhile no file takes the number of a standard stream that is closed, and writing to a pipe without
/// readers fails instead of ending the program in the middle of its work.
int run_program(std::string_view name, FunctionRef<int()> work);

/// Writes at once. Where stderr does not take it, work goes on; run_program sees it in the end.
void print_to_stderr(std::string_view text);

/// A line about what went wrong: one_line() of it.
void print_message(std::string_view line);

}  // namespace lockstep::base
