#pragma once

#include <cstddef>
#include <vector>

#include "scenario/config.hpp"

namespace lockstep::sim {

/// Hosts that the ranks need.
std::size_t host_count(const scenario::Config& config);
/// The host of a rank, from 0.
std::size_t host_of_rank(const scenario::Config& config, std::size_t rank);

/// Speed of each generated host: that of the fastest rank on it.
std::vector<double> generated_host_speeds(const scenario::Config& config);

/// How many times as long as its host each rank needs for an operation. A generated host is as fast as the
/// fastest rank on it; a host of a file is what the file says.
std::vector<double> rank_slowdowns(const scenario::Config& config);

}  // namespace lockstep::sim
