#pragma once

#include <algorithm>
#include <cstdint>

#include "scenario/config.hpp"

namespace lockstep::exchange {

/// What an update of that staleness counts: 1 / max(1, staleness) where --step-size is staleness-aware
/// (Zhang, Gupta, Lian, Liu 2016, 1511.05950, eq. 6), just 1 otherwise.
inline float weight_of(const scenario::Config& config, std::uint64_t staleness) {
    if (!scenario::weighs_by_staleness(config)) return 1;
    return static_cast<float>(1.0 / static_cast<double>(std::max<std::uint64_t>(1, staleness)));
}

}  // namespace lockstep::exchange
