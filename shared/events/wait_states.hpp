#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "base/function_ref.hpp"
#include "events/activity_totals.hpp"
#include "events/clock.hpp"
#include "events/message_log.hpp"

namespace lockstep::events {

/// How blocked time divides.
struct WaitStates {
    double wait_s = 0;  ///< before the partner had started its side: a late sender or late receiver
    double transfer_s =
        0;  ///< while the message was on its way; all of the time inside MPI's own collectives
};

/// Of a time in which a rank was blocked, from `began_s` for `length_s` seconds, divided at the moment at
/// which the partner started its side of the message that ended it, by the same clock; nothing where the
/// partner never did, as with an eager message: then nobody was waited for. (Late sender and late receiver
/// are the wait states of Scalasca: Wolf, Mohr, "Automatic performance analysis of hybrid MPI/OpenMP
/// applications", 2003.)
///
/// Example: a receive blocks from 2 s to 7 s, its message was sent at 6 s: 4 s waiting, 1 s transfer. Sent at
/// 1 s: all 5 s are transfer (or queueing in the network).
///
/// A side has started when its call was made, also where a receive was opened long before its rank came to
/// wait for it. An MPI library that makes no progress between calls may deliver later than that; such time
/// counts as transfer.
WaitStates divide(double began_s, double length_s, std::optional<double> partner_began_s);

/// When the other side of the message that ended an interval began, on rank 0's clock.
using PartnerBegan = base::FunctionRef<std::optional<double>(const MessageLog::Blocked&)>;

/// Of all that is in a rank's log. Where `by_partner` is given, the two are added to it for each partner.
WaitStates resolve_wait_states(const MessageLog& log, const Clock& clock, PartnerBegan partner_began_s,
                               ActivityTotals* by_partner = nullptr);

/// The same for one rank where every rank's log is at hand, by rank, on one clock: for ranks that cannot talk
/// any more.
WaitStates resolve_wait_states(std::size_t rank, std::span<const MessageLog* const> logs,
                               ActivityTotals* by_partner = nullptr);

}  // namespace lockstep::events
