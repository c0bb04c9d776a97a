#include "comm/wait_states.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "base/function_ref.hpp"

namespace lockstep::comm {

namespace {

/// Times only: their messages are counted where they are sent and received.
void add(events::ActivityTotals& totals, const MessageLog::Blocked& blocked, double wait_s,
         double transfer_s) {
    const auto peer = static_cast<std::uint32_t>(blocked.peer);
    if (wait_s > 0) totals.add(events::Activity::wait, peer, {1, wait_s, 0});
    totals.add(blocked.receiving ? events::Activity::receive : events::Activity::send, peer,
               {0, transfer_s, 0});
}

/// `partner_started_s` tells when the other side of the message that ended an interval began, on rank 0's
/// clock.
WaitStates divide(const MessageLog& log, const ClockAlignment& clock,
                  base::FunctionRef<double(const MessageLog::Blocked&)> partner_started_s,
                  events::ActivityTotals* by_partner) {
    WaitStates total;
    total.transfer_s = log.in_library_s();
    for (const MessageLog::Blocked& blocked : log.intervals()) {
        // The length by this rank's own clock, so that the two parts add up to just that.
        const double length_s = blocked.end_s - blocked.begin_s;
        const double late_s = partner_started_s(blocked) - clock.to_rank_0_s(blocked.begin_s);
        const double wait_s = std::clamp(late_s, 0.0, std::max(0.0, length_s));
        total.wait_s += wait_s;
        total.transfer_s += length_s - wait_s;
        if (by_partner != nullptr) add(*by_partner, blocked, wait_s, length_s - wait_s);
    }
    return total;
}

}  // namespace

WaitStates resolve_wait_states(Communicator& communicator, const ClockAlignment& clock,
                               events::ActivityTotals* by_partner) {
    const MessageLog& log = communicator.log();
    std::vector<std::size_t> peers;
    std::vector<std::vector<double>>
        ours;  // per peer: our send starts, then our receive starts, on rank 0's clock
    for (const auto& [peer, times] : log.peers()) {
        peers.push_back(peer);
        auto& starts = ours.emplace_back(times.send_started_s);
        starts.insert(starts.end(), times.receive_started_s.begin(), times.receive_started_s.end());
        for (double& time_s : starts) time_s = clock.to_rank_0_s(time_s);
    }
    std::vector<std::vector<double>> theirs(peers.size());
    communicator.swap_with_peers(peers, ours, theirs);

    std::map<std::size_t, std::size_t> position;
    for (std::size_t i = 0; i < peers.size(); ++i) position[peers[i]] = i;
    const auto partner_started_s = [&](const MessageLog::Blocked& blocked) {
        // Their sends to us come first and are as many as our receives from them.
        const std::size_t skipped =
            blocked.receiving ? 0 : log.peers().at(blocked.peer).receive_started_s.size();
        return theirs[position.at(blocked.peer)][skipped + blocked.sequence];
    };
    return divide(log, clock, partner_started_s, by_partner);
}

WaitStates resolve_wait_states(std::size_t rank, std::span<const MessageLog* const> logs,
                               events::ActivityTotals* by_partner) {
    const auto partner_started_s = [&](const MessageLog::Blocked& blocked) {
        const auto& peers = logs[blocked.peer]->peers();
        const auto partner = peers.find(rank);
        if (partner == peers.end()) return blocked.begin_s;
        const auto& starts =
            blocked.receiving ? partner->second.send_started_s : partner->second.receive_started_s;
        // An eager message left although its receive never started: then nobody was waited for.
        return blocked.sequence < starts.size() ? starts[blocked.sequence] : blocked.begin_s;
    };
    return divide(*logs[rank], ClockAlignment(), partner_started_s, by_partner);
}

}  // namespace lockstep::comm
