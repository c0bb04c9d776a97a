#pragma once

#include <span>

#include "comm/clock_alignment.hpp"
#include "comm/communicator.hpp"
#include "events/activity_totals.hpp"

namespace lockstep::comm {

/// How a rank's blocked time divides.
struct WaitStates {
    double wait_s = 0;  ///< before the partner had started its side: a late sender or late receiver
    double transfer_s =
        0;  ///< while the message was on its way; all of the time inside MPI's own collectives
};

/// Divides every blocked interval in `communicator`'s log at the moment at which the partner started its side
/// of the message that ended it. (Late sender and late receiver are the wait states of Scalasca: Wolf, Mohr,
/// "Automatic performance analysis of hybrid MPI/OpenMP applications", 2003.)
///
/// Example: a receive blocks from 2 s to 7 s, its message was sent at 6 s: 4 s waiting, 1 s transfer. Sent at
/// 1 s: all 5 s are transfer (or queueing in the network).
///
/// A side has started when its call was made, also where a receive was opened long before its rank came to
/// wait for it. An MPI library that makes no progress between calls may deliver later than that; such time
/// counts as transfer.
///
/// Where `by_partner` is given, the two are added to it for each partner.
///
/// Collective over all ranks, after the timed part. Cost: one control message to and from each partner, of 16
/// bytes a training message.
WaitStates resolve_wait_states(Communicator& communicator, const ClockAlignment& clock,
                               events::ActivityTotals* by_partner = nullptr);

/// The same for one rank where every rank's log is at hand, by rank, on one clock: for ranks that cannot talk
/// any more.
WaitStates resolve_wait_states(std::size_t rank, std::span<const MessageLog* const> logs,
                               events::ActivityTotals* by_partner = nullptr);

}  // namespace lockstep::comm
