#pragma once

#include <array>
#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace lockstep::study {

class ServingProcess;

/// A program to run: its path and arguments, and variables that its environment has besides ours.
struct ChildCommand {
    std::vector<std::string> words;
    std::vector<std::pair<std::string, std::string>> environment;
    /// What it gets where we are gone before it is: a launcher has to end its ranks.
    int orphan_signal = SIGKILL;
    /// What it gets in place of the first request to end, where it then ends by itself, in its own time. It
    /// has a process group of its own, so that it hears of requests from nobody but us.
    std::optional<int> warning_signal = {};
    /// Starts it where it is one of several and what it says is captured; null: nobody does.
    ServingProcess* server = nullptr;
};

/// What a child's stdin, stdout and stderr are; where nothing is given, stdin is empty and the others are
/// ours.
using StandardStreams = std::array<std::optional<int>, 3>;

/// Whether it is a file that we may start.
bool is_executable(const std::string& path);
/// The program of that name in a folder of PATH, if there is one.
std::optional<std::string> program_on_path(std::string_view name);

/// Starts a program as a child with that signal mask and, where we ignore SIGPIPE, without doing so. It does
/// not outlive us. Errors: EnvironmentError naming the program where it cannot be started.
pid_t spawn(const ChildCommand& command, const StandardStreams& streams, const sigset_t& mask);

}  // namespace lockstep::study
