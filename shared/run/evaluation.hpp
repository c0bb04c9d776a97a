#pragma once

#include <vector>

#include "run/problem.hpp"
#include "run/rank_report.hpp"
#include "run/snapshot.hpp"

namespace lockstep::run {

/// Evaluates every snapshot of v and of whole workers on the whole test set and adds a history row for each
/// to `report`; the last snapshot of the shared parameters also gives the digest. In timing-only runs the
/// rows hold times only. Samples and training losses are left to summarise(), which knows all updates.
void evaluate_snapshots(const Problem& problem, const std::vector<Snapshot>& snapshots, RankReport& report);

}  // namespace lockstep::run
