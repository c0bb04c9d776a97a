#pragma once

#include "sim/world.hpp"

namespace lockstep::sim {

/// Spends the simulated time that the rank's processor needs for that many operations, at its own speed and
/// slowed down by what the scenario says of it at each moment. A processor that stops for good never returns:
/// its rank is left suspended.
///
/// Pieces of constant speed are exact where the rank has a core of its own; where more ranks than cores share
/// a host, a change of speed can come late by what the others delay a piece.
void execute(Rank& rank, double flops);

}  // namespace lockstep::sim
