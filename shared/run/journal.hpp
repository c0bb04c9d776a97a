#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/float_buffer.hpp"
#include "exchange/participant.hpp"
#include "run/evaluation_schedule.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// Keeps what an exchange reports on one rank: every update, and copies of the parameters where the schedule
/// asks for them, to be evaluated when the clock has stopped.
class Journal : public exchange::Journal {
  public:
    /// Parameters as they were at a moment.
    struct Snapshot {
        std::uint64_t updates;  ///< that made them: of all workers, or of this one
        bool shared;            ///< of v, else of this worker's own w
        double elapsed_s;
        double energy_J;           ///< of the whole platform so far; NaN where there is none
        base::FloatBuffer values;  ///< empty in timing-only runs
    };

    Journal(const comm::Communicator& communicator, const scenario::Config& config,
            const EvaluationSchedule& schedule);

    /// The clock starts: elapsed times count from now.
    void start() { start_s_ = communicator_.now_s(); }
    /// Notes the parameters that training starts from, for evaluation. Takes no time.
    void start_parameters(std::span<const float> v) { take(0, true, v); }
    double elapsed_s() const { return communicator_.now_s() - start_s_; }

    void applied(const exchange::Update& update) override { updates_.push_back(update); }
    void shared_parameters(std::uint64_t steps, std::span<const float> v) override;
    void interrupted(std::uint64_t contributions, std::span<const float> v) override;
    void own_parameters(std::uint64_t step, std::span<const float> w) override;

    const std::vector<exchange::Update>& updates() const { return updates_; }
    const std::vector<Snapshot>& snapshots() const { return snapshots_; }

  private:
    void keep(std::uint64_t steps, bool shared, std::span<const float> values);
    void take(std::uint64_t updates, bool shared, std::span<const float> values);

    const comm::Communicator& communicator_;
    const scenario::Config& config_;
    EvaluationSchedule schedule_;
    double start_s_ = 0;
    std::vector<exchange::Update> updates_;
    std::vector<Snapshot> snapshots_;
};

}  // namespace lockstep::run
