#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/packing.hpp"
#include "events/recorder.hpp"
#include "exchange/participant.hpp"
#include "run/evaluation_schedule.hpp"
#include "run/joint_parameters.hpp"
#include "run/snapshot.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// Keeps what an exchange reports on one rank: every update, and copies of the parameters where the schedule
/// asks for them, to be evaluated when the clock has stopped.
///
/// The clock stands still while a copy is made: the copies are not part of elapsed_s(). Real ranks make room
/// for them beforehand, since the first touch of fresh memory takes far longer than the copy. Workers that
/// meet rank 0 where it copies v copy too, for nothing: else they would wait for it, and their clocks would
/// not stand still. What workers wait for a server that copies remains in the measured time.
class Journal : public exchange::Journal {
  public:
    /// Of the communicator's rank, by its clock. `joint`, where v is held jointly by ranks of one process,
    /// and `recorder`, which is told of updates and snapshots, may be null.
    Journal(const comm::Communicator& communicator, const scenario::Config& config,
            const KeepingSchedule& schedule, JointParameters* joint, events::Recorder* recorder = nullptr);

    /// Makes room for what this rank will keep of vectors of `values` values, so that it takes less time
    /// then.
    void reserve(std::size_t values);
    /// The clock starts, or goes on where this much had passed: elapsed times count from so long ago.
    void start(double passed_s = 0) { start_s_ = communicator_.now_s() - passed_s - copying_s_; }
    /// The exchange's first step is that number of the run, which has been trained so far by others.
    void begin_at(std::uint64_t first_step, double elapsed_s);
    /// Notes what training starts from, on every rank. Takes no time.
    void start_parameters(std::span<const float> v);
    std::uint64_t first_step() const { return first_step_; }
    double start_s() const { return start_s_; }
    /// Without the copies.
    double elapsed_s() const { return communicator_.now_s() - start_s_ - copying_s_; }
    double copying_s() const { return copying_s_; }

    void applied(const exchange::Update& update) override;
    void shared_parameters(std::uint64_t steps, std::span<const float> v) override;
    void worker_share(std::uint64_t steps, std::span<const float> w) override;
    void server_share(std::uint64_t steps, std::size_t first, std::span<const float> part) override;
    void interrupted(std::uint64_t contributions, std::span<const float> v) override;
    void own_parameters(std::uint64_t step, std::span<const float> w) override;

    const std::vector<exchange::Update>& updates() const { return updates_; }
    /// The most steps for each worker that v has been told to hold.
    std::uint64_t steps_of_v() const { return steps_of_v_; }
    const std::vector<Snapshot>& snapshots() const { return snapshots_; }
    std::vector<Snapshot> take_snapshots() { return std::move(snapshots_); }
    /// Where v is held jointly: when this holder had taken each of its steps.
    const std::vector<double>& progress_s() const { return progress_s_; }

    /// Whether what it has gone on from can be of this run, whose vectors have so many values.
    bool fits(std::size_t values) const;
    friend void visit_fields(auto& archive, base::ConstOrNot<Journal> auto& journal) {
        archive("copying_s", journal.copying_s_);
        archive("shared_steps", journal.shared_steps_);
        archive("own_steps", journal.own_steps_);
        archive("steps_of_v", journal.steps_of_v_);
        archive("updates", journal.updates_);
        archive("progress_s", journal.progress_s_);
        archive("snapshots", journal.snapshots_);
    }

  private:
    /// Of v or a share of it, where the schedule asks for it.
    void keep_shared(Snapshot::Of of, std::uint64_t steps, std::span<const float> values);
    void take(Snapshot::Of of, std::uint64_t updates, std::span<const float> values, Kept kept);
    JointParameters::Moment moment() const;
    /// Of v, by this server's count.
    std::uint64_t updates_of_v() const { return first_step_ * config_.workers + updates_.size(); }
    void note_progress(std::uint64_t steps);
    void copy_like_rank_0(std::span<const float> values);
    void record_evaluation();
    base::FloatBuffer copy(std::span<const float> values);

    const comm::Communicator& communicator_;
    const scenario::Config& config_;
    KeepingSchedule schedule_;
    JointParameters* joint_;
    events::Recorder* recorder_;
    std::size_t rank_;
    bool is_server_;
    bool is_jointly_held_;
    bool meets_rank_0_;
    double start_s_ = 0;
    double copying_s_ = 0;
    std::uint64_t first_step_ = 0;
    std::uint64_t shared_steps_ = 0;  ///< reported so far, of the run
    std::uint64_t own_steps_ = 0;
    std::uint64_t steps_of_v_ = 0;
    std::vector<exchange::Update> updates_;
    std::vector<double> progress_s_;
    std::vector<Snapshot> snapshots_;
    std::vector<base::FloatBuffer> spare_;  ///< for snapshots, or for copies like rank 0's
};

}  // namespace lockstep::run
