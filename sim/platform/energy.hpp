#pragma once

#include "backend/backend.hpp"
#include "scenario/config.hpp"
#include "sim/platform/link_meters.hpp"

namespace lockstep::sim {

/// Whether the scenario gives any power: in its options, or in the properties `wattage_per_state` of hosts
/// and `wattage_range` of links in its platform file.
bool measures_energy(const scenario::Config& config);

/// SimGrid's own, which look whenever the load of a host changes. Call it after the engine exists and before
/// any host does.
void start_host_meters();

/// Joules since the engine started, of all hosts and all links.
backend::Energy energy_now(const LinkMeters& links);

}  // namespace lockstep::sim
