#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "result/result.hpp"
#include "run/problem.hpp"
#include "run/rank_report.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// The rank that has v and counts what enters it, or as much of both as any has.
std::size_t rank_with_v(const scenario::Config& config);

/// What a run was aborted by, and where its ranks were.
struct Abort {
    std::string cause;               ///< `rank 1 on node7 has ended`
    std::vector<std::string> hosts;  ///< of all ranks, by rank
};

/// The result of a run of which one rank alone can tell. Of the others there is what that one knows: their
/// hosts, and those of their steps that have entered v, which are also their `steps` and `samples`; all other
/// figures of theirs, and what needs them, are NaN or unset. World, times of day and the like are left to the
/// caller.
result::Result summarise_aborted(const scenario::Config& config, const Problem& problem,
                                 SurvivorReport survivor, const Abort& abort);

}  // namespace lockstep::run
