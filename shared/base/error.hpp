#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace lockstep::base {

/// What is printed of a message: printable(), and its beginning where it is very long.
std::string one_line(std::string_view message);

/// Process exit statuses, the same for every executable. Interrupted: a signal asked it to end, and a
/// checkpoint holds what was done. Inconclusive: a check can neither pass nor fail, by what was measured for
/// it.
enum class ExitStatus : int {
    success = 0,
    failed_check = 1,
    bad_input = 2,
    environment = 3,
    interrupted = 4,
    inconclusive = 5
};

/// Whatever ends a program with one message and a non-zero status. Caught in one place a program: its main().
/// The message can hold what users and files said; what() is one line of it (one_line).
class Error : public std::runtime_error {
  public:
    Error(ExitStatus status, std::string_view message);
    ExitStatus status() const { return status_; }

  private:
    ExitStatus status_;
};

/// The user's input is wrong; found before the first training step. Exit status 2.
///
/// The message reads `SUBJECT: given GIVEN; allowed: ALLOWED; REMEDY`, for example
/// `--workers: given '0'; allowed: a whole number from 1 to 65536; start at least one worker`.
class InputError : public Error {
  public:
    explicit InputError(const std::string& message) : Error(ExitStatus::bad_input, message) {}

    /// `subject` is the option or file (and line); what was given is shortened(); `remedy` may be empty.
    InputError(std::string_view subject, std::string_view given, std::string_view allowed,
               std::string_view remedy = {});
};

/// The environment failed: an MPI call, the disk, a child process. Exit status 3.
class EnvironmentError : public Error {
  public:
    explicit EnvironmentError(const std::string& message) : Error(ExitStatus::environment, message) {}
};

}  // namespace lockstep::base
