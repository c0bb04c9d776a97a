#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/function_ref.hpp"
#include "study/launch/spawn.hpp"

namespace lockstep::study {

/// How a child ended.
struct ChildEnd {
    int status = 0;  ///< its exit status, or 128 + the number of the signal that ended it
    bool by_signal = false;
    std::string output;  ///< what it wrote to stdout and stderr, where that was captured
    std::string errors;
};

/// SIGINT, SIGTERM or SIGHUP reached us while children ran, or SIGUSR1 while such as are warned did; they are
/// gone. For main(), to end by the same signal.
class Interrupted : public std::exception {
  public:
    explicit Interrupted(int signal) : signal_(signal) {}
    int signal() const { return signal_; }
    const char* what() const noexcept override { return "interrupted"; }

  private:
    int signal_;
};

/// Where a child's stdout and stderr go.
enum class Streams { inherited, captured };
enum class Next { start_more, start_no_more };

/// Runs the commands as child processes, started in order, at most `at_once` at a time, and returns when all
/// that were started have ended. `on_end` hears of each, in the order in which they end, and decides whether
/// more are started. stdin is empty.
///
/// A signal sent to this process alone is passed on to the children; those of the terminal reach them anyway.
/// No more are started then, and Interrupted is thrown once the running ones have ended; those that do not
/// are asked again after 5, 10 and 15 seconds, and killed after 20. Errors: EnvironmentError naming the
/// program where one cannot be started; those running are ended first.
///
/// Children that have a warning_signal, all or none, get that for the first SIGINT, SIGTERM or SIGUSR1, as
/// much time as they take, and end as any child does; where the warning itself ended one, it came too early,
/// and Interrupted is thrown. A second request ends them, by SIGTERM.
void run_children(std::span<const ChildCommand> commands, std::size_t at_once, Streams streams,
                  base::FunctionRef<Next(std::size_t index, const ChildEnd& end)> on_end);

/// Hears what a child writes to stderr as it comes, where that is captured.
using OnErrors = std::function<void(std::string_view piece)>;

/// One child.
ChildEnd run_child(const ChildCommand& command, Streams streams, const OnErrors& on_errors = {});

}  // namespace lockstep::study
