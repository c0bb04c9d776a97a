#pragma once

#include <vector>

#include "base/function_ref.hpp"
#include "run/journal.hpp"
#include "run/problem.hpp"
#include "run/rank_report.hpp"

namespace lockstep::run {

/// Evaluates every snapshot on the whole test set and adds a history row for each to `report`; the last
/// snapshot of the shared parameters also gives the digest. In timing-only runs the rows hold times only.
/// `samples` tells how many a worker has processed after so many steps.
void evaluate_snapshots(const scenario::Config& config, const Problem& problem,
                        const std::vector<Journal::Snapshot>& snapshots,
                        base::FunctionRef<std::uint64_t(std::uint64_t steps)> samples, RankReport& report);

}  // namespace lockstep::run
