#pragma once

#include "result/result.hpp"
#include "run/checkpoint/checkpoints.hpp"
#include "run/problem.hpp"
#include "run/progress.hpp"
#include "scenario/config.hpp"

namespace lockstep::sim {

/// One run from its start, or from the last of its `checkpoints`, to its result, which lacks only what the
/// program knows about itself. Without `checkpoints` it makes none. One a process; errors as simulate().
result::Result run_simulated(const scenario::Config& config, const run::Problem& problem,
                             run::Progress& progress, run::Checkpoints* checkpoints = nullptr);

}  // namespace lockstep::sim
