#pragma once

#include <vector>

#include "run/journal.hpp"
#include "run/problem.hpp"
#include "run/rank_report.hpp"

namespace lockstep::run {

/// Evaluates every snapshot on the whole test set and adds a history row for each to `report`; the last
/// snapshot of the shared parameters also gives the digest. In timing-only runs the rows hold times only.
/// Samples and training losses are left to summarise(), which knows all updates.
void evaluate_snapshots(const scenario::Config& config, const Problem& problem,
                        const std::vector<Journal::Snapshot>& snapshots, RankReport& report);

}  // namespace lockstep::run
