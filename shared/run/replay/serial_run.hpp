#pragma once

#include "comm/communicator.hpp"
#include "result/result.hpp"
#include "run/problem.hpp"
#include "run/progress.hpp"

namespace lockstep::run {

/// What train() does with --replay-by serial: the only rank takes everybody's steps in the recorded order
/// (exchange::replay_serially), without messages. All of its time is rank 0's; the result's other ranks tell
/// steps, updates and staleness alone.
result::Result replay_on_one_rank(comm::Communicator& communicator, const scenario::Config& config,
                                  const Problem& problem, Progress* progress);

}  // namespace lockstep::run
