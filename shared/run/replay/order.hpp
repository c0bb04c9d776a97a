#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "exchange/arrival_order.hpp"
#include "result/order.hpp"
#include "result/result.hpp"
#include "run/problem.hpp"
#include "run/rank_report.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// The order that --replay names. Throws base::InputError for a file that is none, or of a run that had other
/// messages than this one or did not come to its end.
result::Order load_order(const scenario::Config& config, const Problem& problem);

/// What a rank keeps and is forced to.
exchange::ArrivalOrder order_of_rank(const scenario::Config& config, const Problem& problem,
                                     std::size_t rank);

/// For --record, of a result that is complete but for it: what all ranks kept. Messages that a run which came
/// to a standstill had taken but not applied are left out.
result::Order recorded_order(const result::Result& result, const std::vector<RankReport>& reports,
                             const Problem& problem);

/// How this run's parameters compare with those of the run it replays: `matches`, `differs`, `changed: KEYS`
/// where options that decide them are not the same, `unchecked` where either has none; empty without a
/// replay.
std::string compare_with_recorded(const result::Result& result, const Problem& problem);

}  // namespace lockstep::run
