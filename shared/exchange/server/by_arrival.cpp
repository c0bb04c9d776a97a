// The exchange is parameter_server.cpp in order of arrival; see there and in server_rank.cpp for the traces
// and why it cannot deadlock.
#include "exchange/server/by_arrival.hpp"

#include "exchange/server/grants.hpp"
#include "exchange/server/parameter_server.hpp"
#include "exchange/server/server_links.hpp"

namespace lockstep::exchange {

void by_arrival(Participant& participant) {
    const PushAndPull intervals{participant.config.push_every, participant.config.pull_every};
    if (participant.is_server()) return serve(participant, ServingOrder::arrival, intervals);
    work_with_server(participant, intervals);
}

std::optional<comm::Traffic> by_arrival_traffic(const scenario::Config& config, const Work& work) {
    const Grants grants(work.steps, config.workers, config.pull_every);
    return served_traffic(config, work, grants.pushes(config.push_every), grants.replies());
}

double by_arrival_copies(const scenario::Config& config) {
    return config.push_every < config.pull_every ? 1 : 0;
}

}  // namespace lockstep::exchange
