#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "events/clock.hpp"
#include "run/evaluation_schedule.hpp"
#include "run/journal.hpp"
#include "run/snapshot.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// What JointParameters does where ranks share no memory: snapshots of v from what its holders, the workers
/// or the servers, have kept of their shares, by time. A moment is due as there; of each
/// holder counts the share that it had last kept by then. A share is kept for
/// each moment that is due by the holder's own steps, so it is older than the row by less than one such
/// moment.
class Assembly {
  public:
    /// `progress_s` says for each holder when it had taken each of its steps. Moments at which rank 0 kept v
    /// as a whole have their snapshots already; from then on holders have that. Times in seconds of one
    /// clock, snapshots in order of time. The steps before `first_step` were taken by others.
    Assembly(const scenario::Config& config, const KeepingSchedule& schedule, std::span<const float> start,
             const std::vector<std::vector<double>>& progress_s, std::span<const Snapshot> kept_by_rank_0,
             std::uint64_t first_step = 0);

    /// What the next holder kept. Holders come in the order of ranks, so that means have the same bits every
    /// time.
    void add_holder(std::span<const Snapshot> kept);

    /// In order of time, without those that rank 0 kept.
    std::vector<Snapshot> snapshots() const;

  private:
    struct Moment {
        std::uint64_t steps;  ///< of a holder on average
        double elapsed_s;
        Kept kept;
        std::vector<double> sums;
    };
    void list_moments(const KeepingSchedule& schedule, const std::vector<std::vector<double>>& progress_s);

    std::uint64_t first_step_;
    bool is_mean_;
    std::size_t holders_;
    std::size_t workers_;
    std::span<const float> start_;
    std::span<const Snapshot> kept_by_rank_0_;
    std::vector<Moment> moments_;
    std::size_t added_ = 0;  ///< holders
};

/// Collective, after the timed part: v's snapshots from what all ranks kept of it, on rank 0; nothing
/// elsewhere. Times are by rank 0's clock, less what each rank spent on its own copies until then (its clock
/// stands still meanwhile, see Journal): not corrected, since their differences are far less than a step.
/// Measured: 100 copies of 31 kB took 0.2 ms a rank, and differed by 60 us at most between 4 ranks
/// whose steps took 1.9 ms. Cost: two control messages a rank, and one for each share.
std::vector<Snapshot> assemble(comm::Communicator& communicator, const scenario::Config& config,
                               const KeepingSchedule& schedule, std::span<const float> start,
                               const Journal& journal, const events::Clock& clock);

}  // namespace lockstep::run
