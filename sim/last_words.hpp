#pragma once

#include <array>
#include <csignal>
#include <string>
#include <string_view>

namespace lockstep::sim {

/// Makes one line of the ways in which SimGrid ends a process: a critical message in its log and abort(), or
/// a crash, with a backtrace on stderr. From now on its log is silent; when the process aborts or crashes,
/// `prefix`, the last critical message or the kind of crash, and the simulated time where it has begun, are
/// written to the file descriptor, and the process ends with `status`.
///
/// Call it before the engine exists, and keep it so (SignalHandlers).
void turn_giving_up_into_one_line(std::string_view prefix, int descriptor, int status);

/// The handlers of interrupts and crashes, and their stack, that are in place when it is made are again when
/// it ends: an engine that is made or runs meanwhile puts its own there.
class SignalHandlers {
  public:
    SignalHandlers();
    SignalHandlers(const SignalHandlers&) = delete;
    SignalHandlers& operator=(const SignalHandlers&) = delete;
    ~SignalHandlers();

  private:
    std::array<struct sigaction, 6> actions_{};
    stack_t stack_{};
};

/// What is being done, which the line adds: `looking for a route from host a to host b`; nothing: not known.
void now_doing(std::string_view what);
/// `, while looking for a route from host a to host b`, or nothing.
std::string while_doing();

/// The words of a text of several lines as one, without rows of asterisks, cut where it is very long.
std::string one_line(std::string_view text);

}  // namespace lockstep::sim
