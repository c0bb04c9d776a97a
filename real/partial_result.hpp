#pragma once

#include <string>
#include <string_view>

#include "run/problem.hpp"
#include "run/rank_report.hpp"
#include "scenario/config.hpp"

namespace lockstep::real {

/// Whether this rank is to leave a result in --out where the run is aborted: the one that has v, of several,
/// without a checkpoint, from which the run goes on.
bool leaves_partial_result(const scenario::Config& config, std::size_t rank);

/// Writes what the run has come to, as this rank knows it, to the files of --out. What the disk refuses is
/// told as a warning of `program`: the reason of the abort is to be told as well.
void leave_partial_result(const scenario::Config& config, const run::Problem& problem,
                          run::SurvivorReport survivor, const std::string& cause,
                          const std::string& started_utc, double wall_s, std::string_view program);

}  // namespace lockstep::real
