#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "comm/communicator.hpp"
#include "run/standstill.hpp"
#include "scenario/config.hpp"

namespace lockstep::sim {

/// What every rank runs.
using Program = std::function<void(comm::Communicator&)>;

/// Runs `program` once per rank (scenario::rank_count), each with a communicator of all, on the platform and
/// network model of the configuration, and returns nothing when all ranks have; or why they have not,
/// when nothing more can happen because a worker's processor has stopped for good (--failure) or a profile of
/// the platform has taken something away: the ranks left are unwound then.
///
/// One simulation a process: SimGrid cannot start a second one. Precondition: check_platform(config) passed;
/// a platform that it refuses may end the process. Errors: rethrows the first exception of a
/// rank after stopping the others; base::InputError for a bad platform; base::EnvironmentError where all
/// remaining ranks wait for each other without such a reason.
///
/// `name` is the program's, for what the engine says when it gives up.
std::optional<run::Standstill> simulate(const scenario::Config& config, const Program& program,
                                        std::string_view name = "lockstep-sim");

}  // namespace lockstep::sim
