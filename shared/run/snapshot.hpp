#pragma once

#include <cstddef>
#include <cstdint>

#include "base/float_buffer.hpp"

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
    double steps;           ///< of a worker on average, or of this worker, that made them
    std::uint64_t updates;  ///< likewise: of all workers, or of this one
    double elapsed_s;
    double energy_J;           ///< of the whole platform so far; NaN where there is none
    base::FloatBuffer values;  ///< empty in timing-only runs
    std::size_t first = 0;
};

}  // namespace lockstep::run
