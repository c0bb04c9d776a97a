#pragma once

#include <cstddef>

#include "comm/collectives/collective_cost.hpp"
#include "tests/support/simulated_child.hpp"

namespace lockstep::simulation {

/// Bytes that SMPI adds to each message.
constexpr double envelope_B = 16;

/// The alpha-beta-gamma model that the ideal star of `config` is: the time per byte added is that of one
/// operation per float32.
inline comm::LinkCost link_cost(const scenario::Config& config) {
    return {config.latency_s, 1 / config.bandwidth_Bps, 1 / (4 * config.speed_flops), envelope_B};
}

/// The time of one message of n float32 values on an idle network.
inline double message_s(const scenario::Config& config, std::size_t n) {
    return config.latency_s + (4 * static_cast<double>(n) + envelope_B) / config.bandwidth_Bps;
}

}  // namespace lockstep::simulation
