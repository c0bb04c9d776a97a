#include "comm/wait_states.hpp"

#include <map>
#include <optional>
#include <vector>

namespace lockstep::comm {

events::WaitStates resolve_wait_states(Communicator& communicator, const events::Clock& clock,
                                       events::ActivityTotals* by_partner) {
    const events::MessageLog& log = communicator.log().messages();
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
    const auto partner_began_s = [&](const events::MessageLog::Blocked& blocked) -> std::optional<double> {
        // Their sends to us come first and are as many as our receives from them.
        const std::size_t skipped =
            blocked.receiving ? 0 : log.peers().at(blocked.peer).receive_started_s.size();
        return theirs[position.at(blocked.peer)][skipped + blocked.sequence];
    };
    return events::resolve_wait_states(log, clock, partner_began_s, by_partner);
}

}  // namespace lockstep::comm
