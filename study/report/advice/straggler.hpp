#pragma once

#include <optional>
#include <vector>

#include "result/result.hpp"
#include "study/report/advice/advice.hpp"
#include "study/report/worker_times.hpp"

namespace lockstep::study {

/// Of a run whose pace workers decided that compute longer for a step than the others, which wait for them or
/// are done before them; nothing where there are none.
std::optional<Advice> straggler_advice(scenario::Method method,
                                       const std::vector<const result::Worker*>& workers,
                                       const TimeShares& shares);

}  // namespace lockstep::study
