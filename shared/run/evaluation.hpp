#pragma once

#include <functional>
#include <span>
#include <vector>

#include "data/batch_loader.hpp"
#include "run/learning_curve.hpp"
#include "run/problem.hpp"
#include "run/rank_report.hpp"
#include "run/snapshot.hpp"

namespace lockstep::run {

/// Sorts snapshots of v by their updates. What is told of v by a rank that hears of it late gets the time of
/// the next one that others have made of it, since it was there by then: so times are in order, too.
void put_in_order(std::vector<Snapshot>& snapshots);

/// Evaluates what a rank kept: `own` by its journal, `joint` of v as ranks held it together, each in order of
/// time. Adds rows to the report's history, whose `worker.rank` is set:
///
/// * for the rank that has v, and rank 0, its course: what it starts from, and each snapshot of it that is
/// tested, in order
///   of updates: those of the schedule, and what the search for --target-accuracy, --target-loss or the
///   accuracy at --time-budget needs. The last snapshot is tested in any case; its digest is the report's.
/// * for each snapshot of a worker's own parameters.
///
/// In timing-only runs the rows hold times only. Samples and training losses are left to summarise(), which
/// knows all updates.
///
/// Of a run that is ending in a hurry `has_time` tells whether there is time for another test. Then the
/// course is of what this rank has, the last snapshot is tested before those before it, of which some may
/// have no test, and nothing is searched for.
void evaluate_kept(const Problem& problem, const scenario::Config& config, const Start& start,
                   std::vector<Snapshot> own, std::vector<Snapshot> joint, RankReport& report,
                   const std::function<bool()>& has_time = {});

/// Tests parameters on the whole test set, block by block.
class Evaluator {
  public:
    explicit Evaluator(const Problem& problem);
    model::Evaluation operator()(std::span<const float> parameters);
    /// On a thousand of them, spread over the whole; with an infinite error where there are less than twice
    /// as many.
    SampledTest sample(std::span<const float> parameters);

  private:
    const Problem& problem_;
    data::BatchLoader loader_;
    model::Workspace workspace_;
};

}  // namespace lockstep::run
