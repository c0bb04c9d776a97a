#pragma once

#include <vector>

#include "backend/backend.hpp"
#include "result/result.hpp"
#include "run/problem.hpp"
#include "run/rank_report.hpp"
#include "run/standstill.hpp"

namespace lockstep::run {

/// The run's result from what all ranks report, in the order of ranks. World, times of day and the like are
/// left to the caller.
result::Result summarise(const scenario::Config& config, const Problem& problem,
                         std::vector<RankReport> reports);

/// The same where the run ended with ranks blocked for good. They waited since their last message.
/// Throws base::EnvironmentError where that was before training began.
result::Result summarise_unfinished(const scenario::Config& config, const Problem& problem,
                                    std::vector<UnfinishedReport> reports, const Standstill& standstill);

/// What a rank's process needs by our own count: the data set, the buffers that it has held at the same time,
/// and on a worker a batch of images and the gradient of its own step. Left out as small or outside of
/// training: activations, what codes sort by or keep of their factors, snapshots, evaluation. A real process
/// adds its libraries.
double predicted_memory_bytes(const Problem& problem, bool server, const backend::ResourceUse& used);

}  // namespace lockstep::run
