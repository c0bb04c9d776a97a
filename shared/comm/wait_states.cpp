#include "comm/wait_states.hpp"

#include <map>
#include <span>
#include <vector>

namespace lockstep::comm {
namespace {

using events::Clock;
using events::MessageLog;
using events::PartnerTimes;
using events::Reception;

constexpr std::size_t numbers_of_reception = 4;

/// What a partner needs to know: when we began to send, and how we saw its messages come, on rank 0's clock.
std::vector<double> told_to(std::size_t peer, const MessageLog::Peer& messages, const MessageLog& log,
                            const Clock& clock) {
    std::vector<double> told = messages.send_started_s;
    for (const Reception& seen : events::receptions(log, peer))
        told.insert(told.end(), {seen.began_s, seen.left_s, seen.looked_s, seen.came_s});
    for (double& time_s : told) time_s = clock.to_rank_0_s(time_s);
    return told;
}

/// The same, of a partner that has sent us so many messages.
PartnerTimes times_in(std::span<const double> told, std::size_t sent) {
    PartnerTimes times{{told.begin(), told.begin() + static_cast<std::ptrdiff_t>(sent)}, {}};
    for (auto rest = told.subspan(sent); !rest.empty(); rest = rest.subspan(numbers_of_reception))
        times.received.push_back({rest[0], rest[1], rest[2], rest[3]});
    return times;
}

}  // namespace

events::WaitStates resolve_wait_states(Communicator& communicator, const Clock& clock,
                                       events::ActivityTotals* by_partner) {
    const MessageLog& log = communicator.log().messages();
    std::vector<std::size_t> peers;
    std::vector<std::vector<double>> ours;
    std::vector<std::vector<double>> theirs;
    std::vector<std::size_t> received;  // messages from each of them
    for (const auto& [peer, messages] : log.peers()) {
        peers.push_back(peer);
        ours.push_back(told_to(peer, messages, log, clock));
        received.push_back(messages.receive_started_s.size());
        theirs.emplace_back(messages.receive_started_s.size() +
                            numbers_of_reception * messages.send_started_s.size());
    }
    communicator.swap_with_peers(peers, ours, theirs);

    std::map<std::size_t, PartnerTimes> partners;
    for (std::size_t i = 0; i < peers.size(); ++i) partners[peers[i]] = times_in(theirs[i], received[i]);
    const auto times_of_partner = [&](std::size_t peer) -> const PartnerTimes* {
        const auto found = partners.find(peer);
        return found == partners.end() ? nullptr : &found->second;
    };
    return events::resolve_wait_states(log, clock, times_of_partner, by_partner);
}

}  // namespace lockstep::comm
