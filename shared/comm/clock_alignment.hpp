#pragma once

#include "comm/communicator.hpp"
#include "events/clock.hpp"

namespace lockstep::comm {

/// Compares every rank's clock with rank 0's. To be done before and after what is to be timed.
///
/// Collective over all ranks; rank 0 answers the others in turn. Takes 2 * `exchanges` control messages a
/// rank. Offset by Cristian's method ("Probabilistic clock synchronization", 1989): of several questions the
/// one answered fastest counts; its error is at most half that round trip.
events::ClockReading compare_clocks(Communicator& communicator, int exchanges = 20);

}  // namespace lockstep::comm
