#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/block.hpp"

namespace lockstep::exchange {

/// How much a run exchanges: what closed forms of its messages and bytes start from.
struct Work {
    std::size_t workers = 1;
    std::uint64_t steps = 0;  ///< of each worker, on average
    std::uint64_t steps_per_epoch = 1;
    std::size_t values = 0;                    ///< length of the parameter vector
    std::uint64_t steps_taken = 0;             ///< by all workers together, known after the run
    std::span<const base::Block> blocks = {};  ///< of the parameter vector

    std::uint64_t all_steps() const { return steps * workers; }
};

}  // namespace lockstep::exchange
