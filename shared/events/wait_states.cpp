#include "events/wait_states.hpp"

#include <algorithm>

namespace lockstep::events {
namespace {

/// Times only: their messages are counted where they are sent and received.
void add(ActivityTotals& totals, const MessageLog::Blocked& blocked, const WaitStates& parts) {
    const auto peer = static_cast<std::uint32_t>(blocked.peer);
    if (parts.wait_s > 0) totals.add(Activity::wait, peer, {1, parts.wait_s, 0});
    totals.add(blocked.receiving ? Activity::receive : Activity::send, peer, {0, parts.transfer_s, 0});
}

}  // namespace

WaitStates divide(double began_s, double length_s, std::optional<double> partner_began_s) {
    const double late_s = partner_began_s.value_or(began_s) - began_s;
    const double wait_s = std::clamp(late_s, 0.0, std::max(0.0, length_s));
    return {wait_s, length_s - wait_s};
}

WaitStates resolve_wait_states(const MessageLog& log, const Clock& clock, PartnerBegan partner_began_s,
                               ActivityTotals* by_partner) {
    WaitStates total{0, log.in_library_s()};
    for (const MessageLog::Blocked& blocked : log.intervals()) {
        // The length by this rank's own clock, so that the two parts add up to just that.
        const WaitStates parts =
            divide(clock.to_rank_0_s(blocked.begin_s), blocked.length_s(), partner_began_s(blocked));
        total.wait_s += parts.wait_s;
        total.transfer_s += parts.transfer_s;
        if (by_partner != nullptr) add(*by_partner, blocked, parts);
    }
    return total;
}

WaitStates resolve_wait_states(std::size_t rank, std::span<const MessageLog* const> logs,
                               ActivityTotals* by_partner) {
    const auto partner_began_s = [&](const MessageLog::Blocked& blocked) -> std::optional<double> {
        const auto& peers = logs[blocked.peer]->peers();
        const auto partner = peers.find(rank);
        if (partner == peers.end()) return std::nullopt;
        const auto& starts =
            blocked.receiving ? partner->second.send_started_s : partner->second.receive_started_s;
        if (blocked.sequence >= starts.size()) return std::nullopt;
        return starts[blocked.sequence];
    };
    return resolve_wait_states(*logs[rank], Clock(), partner_began_s, by_partner);
}

}  // namespace lockstep::events
