#pragma once

#include <cstddef>
#include <vector>

#include "study/launch/runs.hpp"

namespace lockstep::study {

/// The report's table. A run's name is its row's: `sync-average-2`.
struct Table {
    World world = World::simulated;
    bool beside_report = false;
    std::size_t cores = 1;  ///< of this machine
    std::vector<Run> rows;
};

}  // namespace lockstep::study
