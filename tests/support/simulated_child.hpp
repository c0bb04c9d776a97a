#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "comm/communicator.hpp"
#include "scenario/config.hpp"

namespace lockstep::support {

/// The error that ended a simulation.
struct Failure {
    std::string type;  ///< "InputError", "EnvironmentError" or "other"
    std::string message;
};

/// What a simulated program gave back.
template <class Value>
struct Simulation {
    std::vector<Value> ranks;  ///< by rank; incomplete where `failure` says why
    std::optional<Failure> failure;
    std::string output;  ///< all that was written to stdout and stderr
};

/// Runs `program` once per rank on the simulated platform of `config`, in a process of its own: SimGrid
/// allows one engine a process. Errors as run_in_child: a crash or a hang of the child is a
/// std::runtime_error here.
Simulation<std::vector<double>> simulate_in_child(
    const scenario::Config& config, const std::function<std::vector<double>(comm::Communicator&)>& program);
Simulation<std::string> simulate_in_child_for_text(
    const scenario::Config& config, const std::function<std::string(comm::Communicator&)>& program);

/// The ranks' values of a simulation that must succeed; std::runtime_error with its message otherwise.
std::vector<std::vector<double>> simulate_values(
    const scenario::Config& config, const std::function<std::vector<double>(comm::Communicator&)>& program);

/// A star of `ranks` workers on which textbook formulas hold: CM02, no eager messages.
scenario::Config star_of(std::size_t ranks);

}  // namespace lockstep::support
