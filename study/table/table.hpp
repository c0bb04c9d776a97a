#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "study/launch/runs.hpp"

namespace lockstep::study {

/// The report's table. Each row is a run, or several that differ in their seed: `seed`, `seed` + 1, and so
/// on. A run's name is its row's, `sync-average-2`, and where there are several its seed's too.
struct Table {
    World world = World::simulated;
    bool beside_report = false;
    std::size_t cores = 1;       ///< of this machine
    std::size_t replicates = 1;  ///< runs of each row
    std::vector<Run> runs;       ///< row by row

    std::size_t rows() const { return runs.size() / replicates; }
    std::span<const Run> row(std::size_t index) const {
        return std::span(runs).subspan(index * replicates, replicates);
    }
};

}  // namespace lockstep::study
