#pragma once

#include <memory>
#include <string>
#include <vector>

#include <simgrid/s4u.hpp>

#include "scenario/config.hpp"
#include "sim/platform/pair_queues.hpp"

namespace lockstep::sim {

/// Sets the network model. Call it after the engine exists and before any host does.
///
/// CM02 is set up so that the textbook formulas hold: no charge for acknowledgements, no TCP window. LV08 and
/// SMPI keep SimGrid's own factors.
void configure_network(const scenario::Config& config);

/// Sets what depends on the platform's zones: factors by size and jitter. Call it when the platform exists.
/// `queues` are told of each message, but for those of a file whose <config> has factors of both latency and
/// bandwidth of its own. Throws base::InputError where a file's <config> contradicts an option.
void configure_factors(const simgrid::s4u::Engine& engine, const scenario::Config& config,
                       const std::shared_ptr<PairQueues>& queues);

/// The hosts of ranks 0, 1, 2 ...: `--workers-per-host` workers share one, dedicated servers have one each.
///
/// Generated: see topology.hpp. From a file: those of --hosts or --hostfile, or hosts_by_name. Throws
/// base::InputError where there are fewer hosts than needed.
std::vector<simgrid::s4u::Host*> build_platform(simgrid::s4u::Engine& engine, const scenario::Config& config);

/// Every host of the engine's platform in natural order of their names: node-2 before node-10.
std::vector<simgrid::s4u::Host*> hosts_by_name(const simgrid::s4u::Engine& engine);

/// One line for people and results, but for what a file says itself.
std::string describe_platform(const scenario::Config& config);

}  // namespace lockstep::sim
