#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::study {

/// One thing that `lockstep` can do: `lockstep NAME arguments...`.
struct Command {
    std::string_view name;  ///< what it is for, and takes, is in its CommandPage

    /// Returns the exit status. `--help` among the arguments prints the command's own help. Throws
    /// base::Error.
    int (*run)(std::span<const std::string> arguments);
};

/// Every command there is, in the order in which they are listed to users.
std::span<const Command> commands();

/// All of `lockstep` behind main(): finds the command, or shows the overview or the version. Returns the exit
/// status. Throws base::Error, Interrupted.
int run_command_line(const std::vector<std::string>& arguments);

}  // namespace lockstep::study
