#pragma once

#include <cstddef>
#include <cstdint>

#include "base/float_buffer.hpp"
#include "base/packing.hpp"
#include "run/evaluation_schedule.hpp"

namespace lockstep::run {

/// Parameters as they were at a moment, as one rank has them.
struct Snapshot {
    enum class Of {
        shared,         ///< v
        worker,         ///< this worker's own w
        share_of_mean,  ///< this worker's w, where v is the mean of all workers'
        part            ///< the values of v from `first` on
    };

    Of of;
    std::uint64_t updates;  ///< of all workers that they hold; of a worker's own: its steps
    double elapsed_s;
    double energy_J;           ///< of the whole platform so far; NaN where there is none
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
