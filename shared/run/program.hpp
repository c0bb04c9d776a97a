#pragma once

#include <optional>

#include "comm/communicator.hpp"
#include "result/result.hpp"
#include "run/problem.hpp"
#include "run/progress.hpp"

namespace lockstep::run {

/// The MPI program: trains by the configured method and measures it. Collective over all ranks, of which
/// there must be scenario::rank_count(config). Returns the result on rank 0, nothing elsewhere; provenance
/// holds what the run itself knows.
///
/// The timed part runs from a barrier, after the start parameters have been broadcast, to each rank's last
/// update. What comes after (clock alignment, wait states, evaluation, gathering) costs messages but no
/// measured time.
std::optional<result::Result> train(comm::Communicator& communicator, const scenario::Config& config,
                                    const Problem& problem, Progress* progress);

}  // namespace lockstep::run
