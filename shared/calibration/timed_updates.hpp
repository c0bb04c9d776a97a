#pragma once

#include <string>

#include "calibration/rank_work.hpp"
#include "calibration/timed_steps.hpp"
#include "comm/communicator.hpp"
#include "run/problem.hpp"
#include "scenario/config.hpp"

namespace lockstep::calibration {

/// Fills in `update_flops` and `update_s` of `work`: each kernel of the run's optimisers and update rules is
/// timed on this rank alone, on vectors of its own as long as the rank's, by the median, and counts as often
/// as the rank does it for each step of a worker. On workers a gradient comes before it each time, since what
/// caches hold is part of what it costs. Leaves the parameters of `steps` as they are. Takes
/// `plan.vector_budget_s`, and a gradient and a kernel once more for each.
void time_updates(const comm::Communicator& communicator, const scenario::Config& config,
                  const run::Problem& problem, const WorkPlan& plan, TimedSteps& steps, RankWork& work);

/// What optimisers and update rules do in the run, with commas between: `momentum, mean`. `none` where they
/// do nothing.
std::string updates_of(const scenario::Config& config, const run::Problem& problem);

}  // namespace lockstep::calibration
