#pragma once

#include "sim/world.hpp"

namespace lockstep::sim {

/// Spends, and adds to `rank.compute_s`, the simulated time that the rank's processor needs for that many
/// operations, at its own speed and slowed down by what the scenario says of it at each moment. A processor
/// that stops for good never returns: its rank is left suspended. Time in which it stands still is not added.
void execute(Rank& rank, double flops);

}  // namespace lockstep::sim
