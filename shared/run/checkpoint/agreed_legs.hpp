#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/process/stop_signals.hpp"
#include "comm/communicator.hpp"
#include "run/checkpoint/checkpoints.hpp"
#include "run/checkpoint/dates.hpp"
#include "run/checkpoint/legs.hpp"
#include "run/problem.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// The legs of ranks that are processes of their own, one object each, which agree by control messages. Where
/// no server ends a leg, workers meet before agreed steps, about a second apart, to see whether anybody was
/// asked to stop. A checkpoint is put together and written by rank 0 while the others wait.
class AgreedLegs : public Legs {
  public:
    /// `patient` is a communicator of the same ranks, who wait longer, for files; `signals` are this
    /// process's; `checkpoints` on rank 0, null elsewhere.
    AgreedLegs(comm::Communicator& communicator, comm::Communicator& patient, const scenario::Config& config,
               const Problem& problem, base::StopSignals& signals, Checkpoints* checkpoints);

    std::optional<RankState> begin(std::size_t rank) override;
    bool takes(std::uint64_t step, double elapsed_s) override;
    std::uint64_t sure_until(double /*elapsed_s*/) override { return ends_at_.value_or(sure_until_); }
    bool is_ending(std::uint64_t steps, double elapsed_s) override;
    bool leave(std::size_t rank, std::uint64_t steps) override;
    LegEnd end(double elapsed_s) override;
    void keep(std::size_t rank, RankState state) override;

    /// Whether the run was stopped.
    bool is_stopped() const { return is_stopped_; }

  private:
    /// Whether the leg is to end when so much has passed, as this rank sees it.
    LegEnd wish(std::uint64_t steps, double elapsed_s);
    /// Until the next meeting, from one before that step.
    std::uint64_t steps_until_meeting(std::uint64_t step, double elapsed_s);

    comm::Communicator& communicator_;
    comm::Communicator& patient_;
    std::uint64_t steps_;
    base::StopSignals& signals_;
    double look_at_s_ = 0;  ///< at them
    Checkpoints* checkpoints_;
    CheckpointDates dates_;  ///< those of rank 0, or the first server, count
    std::size_t decider_;    ///< that rank
    std::uint64_t ended_after_ = 0;
    std::uint64_t met_before_ = 0;  ///< which step, when, and how many steps before the next meeting
    double met_s_ = 0;
    std::uint64_t between_ = 1;
    std::uint64_t sure_until_ = 0;
    std::optional<std::uint64_t> ends_at_;
    LegEnd end_ = LegEnd::complete;  ///< of this leg, as far as this rank knows
    bool is_stopped_ = false;
};

}  // namespace lockstep::run
