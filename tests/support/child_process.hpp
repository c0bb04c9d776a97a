#pragma once

#include <functional>
#include <string>

namespace lockstep::support {

/// What a child process left behind.
struct ChildResult {
    std::string value;   ///< what the action returned
    std::string output;  ///< all that reached its stdout and stderr
};

/// Runs `action` in a forked child and returns its value. An exception of the action, a crash and more than
/// `limit_s` seconds are failures: std::runtime_error that says which, with the child's output.
ChildResult run_in_child(const std::function<std::string()>& action, unsigned limit_s = 60);

}  // namespace lockstep::support
