#pragma once

#include <vector>

#include "calibration/rank_work.hpp"
#include "comm/communicator.hpp"
#include "run/problem.hpp"
#include "scenario/config.hpp"

namespace lockstep::calibration {

/// Steps of plain SGD of the configured model and batch on every worker at once, and after each an exchange
/// of the parameters with the neighbours in a ring and an average, as training has it: what memory and caches
/// hold is part of what a step costs. On a network slower than steps are, most exchanges are a copy of one's
/// own. Times are those inside backend::compute, so that they mean what a simulated processor is charged for.
/// Then copies, the code of gradients that the run uses, and what its optimisers and update rules do.
/// Collective; returns all ranks' figures on rank 0, nothing elsewhere.
std::vector<RankWork> measure_work(comm::Communicator& communicator, const scenario::Config& config,
                                   const run::Problem& problem, const WorkPlan& plan);

}  // namespace lockstep::calibration
