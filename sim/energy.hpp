#pragma once

#include "backend/backend.hpp"
#include "scenario/config.hpp"

namespace lockstep::sim {

/// Whether the scenario gives any power: in its options, or in the properties `wattage_per_state` of hosts
/// and `wattage_range` of links in its platform file.
bool measures_energy(const scenario::Config& config);

/// Call it after the engine exists and before any host does. Errors: base::InputError where links have powers
/// and a worker stops for good: SimGrid's meter of links does not survive the end of such a run.
void start_energy_meters(const scenario::Config& config);

/// Joules since the engine started, of all hosts and all links.
backend::Energy energy_now();

}  // namespace lockstep::sim
