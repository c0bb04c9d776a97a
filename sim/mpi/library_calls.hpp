#pragma once

#include "sim/world.hpp"

namespace lockstep::sim {

/// The rank is in a call that blocks, or looks: the MPI library answers others, and goes on with what it has
/// under way. Where it makes progress in its calls only (--overlap-progress), messages wait for that.
void enter_library(Rank& rank);

/// The rank computes: nothing of that happens.
void leave_library(Rank& rank);

}  // namespace lockstep::sim
