#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "comm/communicator.hpp"
#include "scenario/config.hpp"

namespace lockstep {

/// Runs `main` as so many actors on a simulated platform, each with a communicator of all, and returns when
/// all are done. For programs that describe platforms themselves; run_ranks() does it by options.
///
/// One simulation a process: the engine cannot start a second one. While it runs, aborts and crashes of the
/// process end in one line on stderr and status 3; afterwards their signals are the program's again. `name`
/// is the program's, for what the engine says when it gives up.
///
/// Errors: base::InputError for a platform that cannot be, and for a second simulation; the first exception
/// of a rank, after the others have been stopped (comm::AgreedError as it is, others as base::Error with
/// `rank R: ` in front); base::EnvironmentError where all ranks left wait for each other, or for what has
/// broken down.
void simulate(const scenario::Platform& platform, std::size_t ranks,
              const std::function<void(comm::Communicator&)>& main, std::string_view name = "lockstep");

}  // namespace lockstep
