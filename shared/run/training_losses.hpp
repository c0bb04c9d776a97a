#pragma once

#include <vector>

#include "data/batch_order.hpp"
#include "result/result.hpp"
#include "run/rank_report.hpp"

namespace lockstep::run {

/// Fills in, for each row of the history, the samples processed so far and the mean loss of the batches since
/// the row before, as trained; rows of the shared parameters and of each worker's apart. The result has its
/// updates already, in the order in which they count. Cost: one pass over the updates for each kind of row.
void add_training_losses(result::Result& result, const std::vector<RankReport>& reports,
                         const data::BatchOrder& order);

}  // namespace lockstep::run
