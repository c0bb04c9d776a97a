#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/packing.hpp"
#include "calibration/progress.hpp"
#include "comm/communicator.hpp"
#include "run/problem.hpp"
#include "scenario/config.hpp"

namespace lockstep::calibration {

/// What was measured of one rank's own work, while all ranks did the same.
struct RankWork {
    std::string host;
    std::vector<double> step_times_s;  ///< of each step on a full batch, in order; workers only
    double mean_step_s = 0;            ///< of all these, with what a step takes besides its arithmetic
    double vector_flops_per_s = 0;     ///< adding a vector of parameters to another
    double first_use_s_per_byte = 0;   ///< what that takes longer where the vector has just been received
    double copy_Bps = 0;               ///< copying one
    double evaluation_s = 0;           ///< the test set once; rank 0 only
};

/// What travels of it: see base/packing.hpp.
template <typename Archive, base::ConstOrNot<RankWork> Record>
void visit_fields(Archive&& archive, Record& work) {
    archive("host", work.host);
    archive("step_times_s", work.step_times_s);
    archive("mean_step_s", work.mean_step_s);
    archive("vector_flops_per_s", work.vector_flops_per_s);
    archive("first_use_s_per_byte", work.first_use_s_per_byte);
    archive("copy_Bps", work.copy_Bps);
    archive("evaluation_s", work.evaluation_s);
}

struct WorkPlan {
    double step_budget_s = 8;  ///< after a warm-up of a tenth of that
    std::size_t fewest_steps = 100;
    std::size_t most_steps = 40000;
    double vector_budget_s = 0.3;
    double later_s = 0;            ///< about what else a calibration takes afterwards
    Progress* progress = nullptr;  ///< rank 0's, or none
};

/// Steps of plain SGD of the configured model and batch on every worker at once, and after each an exchange
/// of the parameters with the neighbours in a ring and an average, as training has it: what memory and caches
/// hold is part of what a step costs. Times are those inside backend::compute, so that they mean what a
/// simulated processor is charged for. Then copies. Collective; returns all ranks' figures on rank 0, nothing
/// elsewhere.
std::vector<RankWork> measure_work(comm::Communicator& communicator, const scenario::Config& config,
                                   const run::Problem& problem, const WorkPlan& plan);

}  // namespace lockstep::calibration
