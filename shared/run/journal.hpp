#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "events/recorder.hpp"
#include "exchange/participant.hpp"
#include "run/evaluation_schedule.hpp"
#include "run/snapshot.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// Keeps what an exchange reports on one rank: every update, and copies of the parameters where the schedule
/// asks for them, to be evaluated when the clock has stopped.
class Journal : public exchange::Journal {
  public:
    /// Of rank `rank`, by the communicator's clock. `recorder` is told of updates and snapshots; it may be
    /// null.
    Journal(const comm::Communicator& communicator, std::size_t rank, const scenario::Config& config,
            const EvaluationSchedule& schedule, events::Recorder* recorder = nullptr);

    /// The clock starts: elapsed times count from now.
    void start() { start_s_ = communicator_.now_s(); }
    /// Notes the parameters that training starts from, for evaluation. Takes no time.
    void start_parameters(std::span<const float> v) { take(Snapshot::Of::shared, 0, 0, v); }
    double start_s() const { return start_s_; }
    double elapsed_s() const { return communicator_.now_s() - start_s_; }

    void applied(const exchange::Update& update) override;
    void shared_parameters(std::uint64_t steps, std::span<const float> v) override;
    void worker_share(std::uint64_t steps, std::span<const float> w) override;
    void server_share(std::uint64_t steps, std::size_t first, std::span<const float> part) override;
    void interrupted(double steps, std::uint64_t contributions, std::span<const float> v) override;
    void own_parameters(std::uint64_t step, std::span<const float> w) override;

    const std::vector<exchange::Update>& updates() const { return updates_; }
    const std::vector<Snapshot>& snapshots() const { return snapshots_; }
    std::vector<Snapshot> take_snapshots() { return std::move(snapshots_); }

  private:
    /// Of v or a share of it, where the schedule asks for it.
    void keep_shared(Snapshot::Of of, std::uint64_t steps, std::span<const float> values);
    void take(Snapshot::Of of, double steps, std::uint64_t updates, std::span<const float> values);

    const comm::Communicator& communicator_;
    const scenario::Config& config_;
    EvaluationSchedule schedule_;
    events::Recorder* recorder_;
    bool holds_v_;  ///< this rank is told of all updates
    double start_s_ = 0;
    std::uint64_t shared_steps_ = 0;  ///< reported so far
    std::uint64_t own_steps_ = 0;
    std::vector<exchange::Update> updates_;
    std::vector<Snapshot> snapshots_;
};

}  // namespace lockstep::run
