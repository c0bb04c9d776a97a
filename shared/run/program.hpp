#pragma once

#include <optional>
#include <vector>

#include "comm/communicator.hpp"
#include "result/result.hpp"
#include "run/checkpoint/legs.hpp"
#include "run/joint_parameters.hpp"
#include "run/problem.hpp"
#include "run/progress.hpp"
#include "run/rank_report.hpp"

namespace lockstep::run {

/// What the ranks of one process share besides the problem.
struct SharedByRanks {
    SharedByRanks(const scenario::Config& config, const Problem& problem);

    std::vector<UnfinishedReport> unfinished;  ///< by rank
    std::optional<JointParameters> joint;      ///< where v is held jointly
};

/// The MPI program: trains by the configured method and measures it. Collective over all ranks, of which
/// there must be scenario::rank_count(config). Returns the result on rank 0, nothing elsewhere; provenance
/// holds what the run itself knows.
///
/// Where all ranks share a process, `together` is what they share. Where a simulated run ends with ranks
/// blocked for good, each leaves there, at its number, what it has done so far; summarise_unfinished() makes
/// a result of that.
///
/// With `legs` the run is made in legs, with checkpoints between them, goes on from one, or ends with one
/// before it is complete: its outcome is then `interrupted`.
///
/// Where an error ends the run, this rank leaves in `left`, where that is not null, what it knew by then;
/// summarise_aborted() makes a result of it.
///
/// The timed part runs from a barrier, after the start parameters have been broadcast, to each rank's last
/// update. What comes after (clock alignment, wait states, evaluation, gathering) costs messages but no
/// measured time.
std::optional<result::Result> train(comm::Communicator& communicator, const scenario::Config& config,
                                    const Problem& problem, Progress* progress,
                                    SharedByRanks* together = nullptr, Legs* legs = nullptr,
                                    std::optional<SurvivorReport>* left = nullptr);

}  // namespace lockstep::run
