// Between synchronous and asynchronous: a step needs some workers, but not all and no particular ones.
//
// On workers 0, 1, 2, 3 and server S with n = 2, so K = 2, rate 1, v0 = 10; worker 3 is slow:
//   0: g = 2 -> S, 1: g = 4 -> S: v1 = 10 - 3 = 7, S -> 0, S -> 1
//   2: g = 4 at v0 -> S, 0: g = 2 at v1 -> S: v2 = 7 - 3 = 4 (staleness 1 and 0), S -> 0, S -> 2
//   1 -> S, 3 -> S (its first, at v0): v3 (staleness 1 and 2).
// With equal workers the staleness is about n.
//
// No deadlock, besides server_rank.cpp: a worker without a reply is one of fewer than K; while others are
// under way their gradients come, and when none is, the server steps by what it has. If a worker stops for
// good, the others go on as long as they are K; what they have not filled up at the end then waits for that
// worker (stalled). With n = 1 all wait for it at once.
#include "exchange/server/softsync.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {

std::vector<option::Option<SoftsyncOptions>> SoftsyncOptions::options() {
    return {{"splitting", option::of(&SoftsyncOptions::splitting, option::whole(option::from_one)),
             "softsync steps by the mean of workers / splitting gradients, rounded down; 1: synchronous."}};
}

void Softsync::check(const Team& team) const {
    if (splitting > team.workers)
        throw base::InputError("--splitting", std::to_string(splitting),
                               fmt::format("at most {0} with {0} workers", team.workers),
                               "a step needs at least one gradient");
    check_compressing(*this, 1, *this);
}

std::vector<UpdateKernel> Softsync::server_updates(const Optimising& optimising, const Work& work) const {
    const std::size_t wanted = work.workers / splitting;
    return {optimising.kernel(work.values, static_cast<double>(work.workers) / static_cast<double>(wanted))};
}

void Softsync::serve(Participant& participant) const {
    ServerRank server(participant, serving());
    GradientSteps step(participant, server, *this, *this);
    const std::size_t wanted = participant.workers() / splitting;
    std::vector<std::size_t> here;
    here.reserve(wanted);
    server.serve(ServingOrder::arrival, [&](std::size_t worker) {
        here.push_back(worker);
        if (here.size() < wanted && here.size() < server.active_workers()) return;
        std::ranges::sort(here);
        std::uint64_t steps = 0;
        for (const std::size_t one : here) steps += server.slot(one).steps_done;
        step.by_mean(here, participant.training.learning_rate(steps / here.size()));
        server.changed();
        for (const std::size_t one : here) server.reply(one);
        here.clear();
    });
}

}  // namespace lockstep::exchange
