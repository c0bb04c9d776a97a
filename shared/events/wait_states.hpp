#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/function_ref.hpp"
#include "events/activity_totals.hpp"
#include "events/clock.hpp"
#include "events/message_log.hpp"
#include "events/reception.hpp"

namespace lockstep::events {

/// How blocked time divides.
struct WaitStates {
    double wait_s = 0;      ///< for the partner
    double transfer_s = 0;  ///< for the network; all of the time inside MPI's own collectives
};

/// What the two sides of a message tell of it, on one clock. What nobody has told is nothing.
struct MessageTimes {
    std::optional<double> sent_s;  ///< when its sender called for it to be sent
    std::optional<Reception> received;
};

/// A part of a time in which a rank was blocked.
struct BlockedPart {
    Activity activity;  ///< wait, send or receive
    double begin_s;
    double end_s;

    double length_s() const { return end_s - begin_s; }
};

/// Divides a time in which a rank was blocked, from `began_s` for `length_s` seconds, until `ended_by`, which
/// it sent or, `receiving`, received. `own_before` is what it had last sent to the partner before. None where
/// the time has no length; else they follow on one another and fill it.
///
/// A message is on its way (transfer) from when both sides have begun until its receiver sees that it is
/// there, but for the time for which the receiver, before it looked again, did other things. So:
///   sending:    wait until the partner has begun to receive, and while it does other things; else transfer
///   receiving:  transfer once the partner has begun to send, and before that while the rank's own message,
///               which the partner may have to have first, is on its way; else wait
/// These are late senders and late receivers, the wait states of Scalasca (Wolf, Mohr, "Automatic performance
/// analysis of hybrid MPI/OpenMP applications", 2003). In addition a request and its reply count alike
/// whether the library keeps the request's sender blocked until it is there, as in the simulated world, or
/// has taken it into a buffer, as with TCP: a sender that is blocked says nothing of where its message is.
///
/// Examples. A receive blocks from 2 s to 7 s, its message was sent at 6 s: 4 s waiting, 1 s transfer. Sent
/// at 1 s: all 5 s are transfer (or queueing in the network). Sent at 6 s as the answer to a message that was
/// on its way until 3 s: 1 s transfer, 3 s waiting, 1 s transfer.
///
/// Nobody is waited for where the partner never began its side, as with an eager message: all is transfer.
std::vector<BlockedPart> divide(double began_s, double length_s, bool receiving, const MessageTimes& ended_by,
                                const MessageTimes& own_before);

/// What a partner tells of the messages between it and this rank, by sequence number, on rank 0's clock.
struct PartnerTimes {
    std::vector<double> sent_s;       ///< of those to this rank
    std::vector<Reception> received;  ///< of those from it
};

/// What `peer` has told; null: nothing.
using TimesOfPartner = base::FunctionRef<const PartnerTimes*(std::size_t peer)>;

/// Of all that is in a rank's log, also of times of which it tells neither message (a file may have held it).
/// Where `by_partner` is given, the two are added to it for each partner.
WaitStates resolve_wait_states(const MessageLog& log, const Clock& clock, TimesOfPartner times_of_partner,
                               ActivityTotals* by_partner = nullptr);

/// The same for one rank where every rank's log is at hand, by rank, on one clock: for ranks that cannot talk
/// any more.
WaitStates resolve_wait_states(std::size_t rank, std::span<const MessageLog* const> logs,
                               ActivityTotals* by_partner = nullptr);

}  // namespace lockstep::events
