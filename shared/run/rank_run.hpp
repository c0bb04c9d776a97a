#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "base/float_buffer.hpp"
#include "comm/communicator.hpp"
#include "events/clock.hpp"
#include "events/wait_states.hpp"
#include "exchange/arrival.hpp"
#include "exchange/leg.hpp"
#include "run/checkpoint/kept_by_rank.hpp"
#include "run/checkpoint/legs.hpp"
#include "run/event_recording.hpp"
#include "run/joint_parameters.hpp"
#include "run/journal.hpp"
#include "run/network_training.hpp"
#include "run/problem.hpp"
#include "run/progress.hpp"
#include "run/rank_report.hpp"
#include "run/snapshot.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// One rank's part of the run, with all that it leaves.
class RankRun {
  public:
    /// Collective. `progress` is told of rank 0's steps, where it is not null; `joint` holds v where ranks
    /// that share their memory hold it jointly, else it is null; without `legs` the run is made in one go.
    RankRun(comm::Communicator& communicator, const scenario::Config& config, const Problem& problem,
            Progress* progress, JointParameters* joint, Legs* legs);

    /// Collective: the timed part, or that until it is stopped.
    void train(const events::Clock& clock);
    /// Whether somebody has ended it before it was complete.
    bool is_stopped() const { return is_stopped_; }

    /// Collective: what ranks without a common memory kept of v, on rank 0.
    void assemble_course(const events::Clock& clock);
    /// Collective, when all ranks have stopped their clocks.
    RankReport report(const events::Clock& clock);
    /// Of one that is left where it stands.
    UnfinishedReport unfinished_report();
    /// Of one whose partners are lost; nothing where that was before the clock started. Takes little more
    /// than half a second, or one test of parameters.
    std::optional<SurvivorReport> survivor_report();

  private:
    RankState state();
    Start start() const;
    std::uint64_t steps_of_the_run() const;
    /// All that does not depend on when the clock starts.
    void take_up(std::span<const std::byte> bytes);
    void begin_in_the_midst();
    /// What does.
    void go_on();
    void start_clocks();
    void read_clocks();
    void stop_recording();
    void stop_if_running();
    void train_leg(exchange::Leg* leg);
    void train_in_legs();
    /// Once, since it takes the snapshots. In a hurry where there is a `has_time`.
    void evaluate(const std::function<bool()>& has_time = {});
    RankReport report(const events::WaitStates& blocked, const events::ActivityTotals& by_partner);

    comm::Communicator& communicator_;
    const scenario::Config& config_;
    const Problem& problem_;
    bool server_;
    EventRecording recording_;
    NetworkTraining training_;
    JointParameters* joint_;
    Journal journal_;
    exchange::ArrivalOrder order_;
    base::FloatBuffer start_;
    Legs* legs_;
    exchange::Memory memory_;  ///< between two legs
    Beginning beginning_;
    KeptByRank kept_;              ///< of an earlier process, until it has been taken up
    bool is_interrupted_ = false;  ///< that process made the same run
    backend::Passed passed_;       ///< when the clocks were read
    backend::ResourceUse before_;
    backend::ResourceUse used_;     ///< of the timed part, and the peaks of all
    std::vector<Snapshot> course_;  ///< of v where it is held jointly, on rank 0
    RankReport evaluated_;          ///< what evaluation adds to a report
    bool is_evaluated_ = false;
    bool has_begun_ = false;
    bool completed_ = false;
    bool is_stopped_ = false;
};

}  // namespace lockstep::run
