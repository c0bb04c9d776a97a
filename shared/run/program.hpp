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

/// What there is around a run, on this rank; what is null is not there. All of it must outlive the run.
struct Surroundings {
    Progress* progress = nullptr;  ///< hears of rank 0's steps
    /// Of ranks that share a process. Where a simulated run ends with ranks blocked for good, each leaves
    /// there, at its number, what it has done so far; summarise_unfinished() makes a result of that.
    SharedByRanks* together = nullptr;
    /// The run is made in legs, with checkpoints between them, goes on from one, or ends with one before it
    /// is complete: its outcome is then `interrupted`.
    Legs* legs = nullptr;
    /// Where an error ends the run, this rank leaves there what it knew by then; summarise_aborted() makes a
    /// result of it.
    std::optional<SurvivorReport>* left = nullptr;
};

/// The MPI program: trains by the configured method and measures it. Collective over all ranks, of which
/// there must be scenario::rank_count(config). Returns the result on rank 0, nothing elsewhere; provenance
/// holds what the run itself knows.
///
/// The timed part runs from a barrier, after the start parameters have been broadcast, to each rank's last
/// update. What comes after (clock alignment, wait states, evaluation, gathering) costs messages but no
/// measured time.
std::optional<result::Result> train(comm::Communicator& communicator, const scenario::Config& config,
                                    const Problem& problem, const Surroundings& around = {});

}  // namespace lockstep::run
