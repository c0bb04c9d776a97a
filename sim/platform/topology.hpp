#pragma once

#include <vector>

#include <simgrid/s4u.hpp>

#include "scenario/config.hpp"

namespace lockstep::sim {

/// Builds the platform that the options of the groups processors and network describe and returns its hosts.
///
/// * star: each host has a full-duplex link to a switch, of half its latency and all its bandwidth.
/// * shared: a star, and every message also crosses one link for both directions.
/// * two-clusters: two stars, the first half of the hosts (rounded up) and the rest, joined by a full-duplex
/// link.
/// * fat-tree, torus, dragonfly: SimGrid's, every link of half of --latency and all of --bandwidth. Hosts
/// beyond those needed are there, idle and without energy.
///
/// Errors: base::InputError naming --topology-shape for one that is malformed or too small.
std::vector<simgrid::s4u::Host*> build_topology(const scenario::Config& config);

}  // namespace lockstep::sim
