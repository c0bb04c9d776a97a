#pragma once

#include <simgrid/s4u.hpp>

#include "sim/world.hpp"

namespace lockstep::sim {

/// A rank has done something: no standstill begins before now.
void goes_on(World& world);

/// Spends, and adds to `rank.compute_s`, the simulated time that the rank's processor needs for that many
/// operations, at its own speed and slowed down by what the scenario says of it at each moment;
/// `rank.reports` hears of it. A processor that stops for good never returns: its rank is left suspended.
/// Time in which its host stands still is not added.
void execute(Rank& rank, double flops, backend::Kind kind);

/// The same for `duration_s` of a processor that nothing slows down, without adding or reporting it: for work
/// that is no training. Returns the seconds that it took.
double spend(Rank& rank, double duration_s);

/// Whatever the processor does, the rank is there again at that moment; at once where it has been.
void sleep_until(World& world, double moment_s);

/// Its host, of a platform file, has another speed now. SimGrid does not survive work on a host without
/// speed: it is taken from it here, and goes on when the host does.
void speed_changed(Rank& rank, const simgrid::s4u::Host& host);

/// Operations of the model's own kind that take as long. Not for copies.
double model_flops(const Rank& rank, const backend::Cost& cost);

}  // namespace lockstep::sim
