#pragma once

#include <limits>
#include <span>
#include <vector>

#include "events/message_log.hpp"

namespace lockstep::events {

/// One message as its receiver saw it, by one clock. Of one that never came the last three are infinite.
struct Reception {
    static constexpr double never_s = std::numeric_limits<double>::infinity();

    double began_s = 0;         ///< the receiver's side: from then on the message could come
    double left_s = never_s;    ///< when the receiver last turned to other things, without the message,
    double looked_s = never_s;  ///< and when it looked again: between the two nobody saw
    double came_s = never_s;    ///< when it saw that the message was there
};

/// Of a message whose receive was started at `began_s`, and which its receiver saw at `came_s`. `blocked` are
/// the times in which the receiver was blocked, whatever for, by growing ends.
///
/// Example: started at 1 s, blocked from 2 s to 5 s and from 7 s to 9 s. Seen at 9 s: left at 5 s, looked at
/// 7 s. Seen at 4 s: it looked at 2 s and had last left at 1 s. Seen at 6 s: left at 5 s, looked at 6 s.
///
/// Cost: log n for n times.
Reception reception(double began_s, double came_s, std::span<const MessageLog::Blocked> blocked);

/// Of all messages from `peer`, by sequence number, by the clock of the log's own rank.
std::vector<Reception> receptions(const MessageLog& log, std::size_t peer);

}  // namespace lockstep::events
