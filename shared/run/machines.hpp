#pragma once

#include <cstddef>
#include <vector>

#include "run/rank_report.hpp"

namespace lockstep::run {

/// The distinct machines of a run together. Several hosts may be namespaces of one.
struct Machines {
    std::size_t hosts = 0;
    std::size_t cores = 0;
    double memory_bytes = 0;
    bool crowded = false;  ///< some machine has more ranks than cores
    bool busy = false;     ///< and they sleep too little to share them
};

Machines machines(const std::vector<RankReport>& reports);

}  // namespace lockstep::run
