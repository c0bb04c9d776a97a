#pragma once

#include "comm/communicator.hpp"
#include "events/wait_states.hpp"

namespace lockstep::comm {

/// How this rank's blocked time divides, by its own log and those of its partners. Where `by_partner` is
/// given, the two are added to it for each partner.
///
/// Collective over all ranks, after the timed part. Cost: one control message to and from each partner, of 8
/// bytes for each training message that is sent the same way and 32 for each that was received.
events::WaitStates resolve_wait_states(Communicator& communicator, const events::Clock& clock,
                                       events::ActivityTotals* by_partner = nullptr);

}  // namespace lockstep::comm
