#include "events/reception.hpp"

#include <algorithm>
#include <iterator>

namespace lockstep::events {

Reception reception(double began_s, double came_s, std::span<const MessageLog::Blocked> blocked) {
    const auto seen = std::ranges::lower_bound(blocked, came_s, {}, &MessageLog::Blocked::end_s);
    const bool while_blocked = seen != blocked.end() && seen->begin_s <= came_s;
    const double looked_s = std::max(began_s, while_blocked ? seen->begin_s : came_s);
    const double left_s = seen == blocked.begin() ? began_s : std::prev(seen)->end_s;
    return {began_s, std::clamp(left_s, began_s, looked_s), looked_s, came_s};
}

std::vector<Reception> receptions(const MessageLog& log, std::size_t peer) {
    std::vector<Reception> all;
    const auto found = log.peers().find(peer);
    if (found == log.peers().end()) return all;
    const MessageLog::Peer& messages = found->second;
    all.reserve(messages.receive_started_s.size());
    for (std::size_t i = 0; i < messages.receive_started_s.size(); ++i) {
        const double began_s = messages.receive_started_s[i];
        const bool has_come = i < messages.arrived_s.size() && messages.arrived_s[i] < Reception::never_s;
        all.push_back(has_come ? reception(began_s, messages.arrived_s[i], log.intervals())
                               : Reception{.began_s = began_s});
    }
    return all;
}

}  // namespace lockstep::events
