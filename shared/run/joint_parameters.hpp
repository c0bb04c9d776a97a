#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/float_buffer.hpp"
#include "base/packing.hpp"
#include "run/evaluation_schedule.hpp"
#include "run/snapshot.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// Whether nobody holds all of v, at least between some steps: it is the mean of the workers' parameters, or
/// lies in parts on several servers.
bool is_held_jointly(const scenario::Config& config);

/// v where nobody holds all of it, in a world whose ranks share a process: each tells what it holds from now
/// on, and v is put together at the moments that the schedule asks for, of what all hold at that moment. A
/// moment is due when the workers' steps have reached so many on average, whoever took them: a straggler
/// delays no row, and no row mixes moments. Of servers, which all get the same messages, each must have got
/// so far.
///
/// Example: 2 workers, due after 1 step of each on average. Worker 0 holds 2 after its first step and 4 after
/// its second one, worker 1 still holds what it started from, 8: the row is of worker 0's second step, and is
/// (4 + 8) / 2 = 6.
///
/// Memory: a vector for each holder, and one for each moment kept. Cost: a copy for each change.
class JointParameters {
  public:
    JointParameters(const scenario::Config& config, KeepingSchedule schedule);

    struct Moment {
        double elapsed_s;
        double energy_J;
    };
    /// What a holder, a worker or a server counted from 0, has from now on.
    struct Share {
        std::size_t holder;
        std::uint64_t steps;            ///< after so many
        std::span<const float> values;  ///< in timing-only runs: meaningless
        std::size_t first = 0;          ///< of a part of v
        std::uint64_t updates = 0;      ///< of a part: that v has had, by the server that counts them
    };

    /// All hold `start`, after so many steps. Later calls change nothing.
    void begin(std::span<const float> start, std::uint64_t steps = 0);
    /// Returns whether that made a snapshot that is going to be tested.
    bool hold(const Share& share, Moment now);
    /// All workers hold v after so many steps; those that have taken more have gone on from it. Likewise.
    bool agree(std::uint64_t steps, std::span<const float> v, Moment now);

    /// Goes on from what another one packed. Errors: InputError where that is of another run.
    void take_up(std::span<const std::byte> packed);
    friend void visit_fields(auto& archive, base::ConstOrNot<JointParameters> auto& joint) {
        archive("holders", joint.holders_);
        archive("common", joint.common_);
        archive("total_steps", joint.total_steps_);
        archive("reported", joint.reported_);
        archive("updates", joint.updates_);
        archive("snapshots", joint.snapshots_);
    }

    /// In order of time.
    std::vector<Snapshot> take_snapshots() { return std::move(snapshots_); }

  private:
    struct Holder {
        std::uint64_t steps = 0;
        bool differs = false;      ///< from what all agree on
        base::FloatBuffer values;  ///< its own, where it differs

        friend void visit_fields(auto& archive, base::ConstOrNot<Holder> auto& holder) {
            archive("steps", holder.steps);
            archive("differs", holder.differs);
            archive("values", holder.values);
        }
    };
    std::uint64_t steps() const;
    /// A snapshot without values where the moment is due, else null.
    Snapshot* keep(std::uint64_t steps, std::uint64_t updates, Moment now);
    base::FloatBuffer common() const;
    base::FloatBuffer mean() const;

    KeepingSchedule schedule_;
    bool is_mean_;
    std::vector<Holder> holders_;
    base::FloatBuffer common_;  ///< v in parts; else what holders have that do not differ
    std::uint64_t total_steps_ = 0;
    std::uint64_t reported_ = 0;  ///< steps on average
    std::uint64_t updates_ = 0;   ///< of parts
    std::vector<Snapshot> snapshots_;
};

}  // namespace lockstep::run
