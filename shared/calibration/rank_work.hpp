#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/packing.hpp"
#include "calibration/intervals.hpp"
#include "calibration/progress.hpp"

namespace lockstep::calibration {

/// What was measured of one rank's own work, while all ranks did the same.
struct RankWork {
    std::string host;
    std::vector<double> step_times_s;  ///< of each step on a full batch, in order; workers only
    double mean_step_s = 0;            ///< of all these, with what a step takes besides its arithmetic
    Fitted vector_flops_per_s;         ///< adding a vector of parameters to another; 0: no time
    Fitted first_use_s_per_byte;       ///< what that takes longer where the vector has just been received
    Fitted copy_Bps;                   ///< copying one; 0: no time
    Fitted code_flops_per_s;           ///< making and reading the code of one; 0: the run has none
    double update_flops = 0;           ///< of optimisers and update rules, for each step of a worker
    Fitted update_s;                   ///< that these take; 0: there are none, or they take no time
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
    archive("code_flops_per_s", work.code_flops_per_s);
    archive("update_flops", work.update_flops);
    archive("update_s", work.update_s);
    archive("evaluation_s", work.evaluation_s);
}

struct WorkPlan {
    double step_budget_s = 8;  ///< with the warm-up
    std::size_t most_steps = 40000;
    double vector_budget_s = 0.3;  ///< of each: copies, codes, updates
    /// That a message of the model's size is foreseen to take; nothing: small ones are to tell, which are
    /// swapped first.
    std::optional<double> exchange_s;
    Progress* progress = nullptr;  ///< rank 0's, or none
};

}  // namespace lockstep::calibration
