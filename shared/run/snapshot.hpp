#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/float_buffer.hpp"
#include "base/packing.hpp"
#include "run/evaluation_schedule.hpp"

namespace lockstep::run {

/// What training starts from.
struct Start {
    std::span<const float> v;
    std::uint64_t step = 0;  ///< of the run, the first that each worker takes
    double elapsed_s = 0;    ///< by then
    double energy_J = 0;     ///< used by then
};

/// Parameters as they were at a moment, as one rank has them.
struct Snapshot {
    enum class Of {
        shared,         ///< v
        worker,         ///< this worker's own w
        share_of_mean,  ///< this worker's w, where v is the mean of all workers'
        part            ///< the values of v from `first` on
    };

    Of of = Of::shared;
    std::uint64_t updates = 0;  ///< of all workers that they hold; of a worker's own: its steps
    double elapsed_s = 0;
    double energy_J = 0;       ///< of the whole platform so far; NaN where there is none
    base::FloatBuffer values;  ///< empty in timing-only runs
    Kept kept;
};

/// What travels of it: see base/packing.hpp.
template <typename Archive, base::ConstOrNot<Snapshot> Record>
void visit_fields(Archive&& archive, Record& snapshot) {
    archive("of", snapshot.of);
    archive("updates", snapshot.updates);
    archive("elapsed_s", snapshot.elapsed_s);
    archive("energy_J", snapshot.energy_J);
    archive("values", snapshot.values);
    archive("kept", snapshot.kept);
}

}  // namespace lockstep::run
