// Workers send their w_i to a server (server_rank.cpp), which makes each enter v by the update rule.
//
// With a push every k steps and a pull every m, on worker 0 with k = 1, m = 2 (delta; v0 = 10, each step
// subtracts 1, and another worker subtracts 5 meanwhile):
//   0: w = 9 -> S: v = 10 + (9 - 10) = 9; no reply;  the other one: v = 4
//   0: w = 8 -> S: v = 4 + (8 - 9) = 3, since 9 is what worker 0 had at its last push; S -> 0: 3.
// The version that a step starts from is that of the last pull and, on top of it, the worker's own pushes.
//
// No deadlock, besides server_rank.cpp: a worker waits for its earlier push to have left before the next one,
// and the server opens a receive again as soon as it has taken a message.
#include "exchange/server/parameter_server.hpp"

#include <algorithm>
#include <utility>

#include "backend/backend.hpp"
#include "exchange/server/server_links.hpp"

namespace lockstep::exchange {

void serve(Participant& participant, const ParameterServing& serving) {
    const PushAndPull& intervals = serving.intervals;
    ServerRank server(participant, {.servers = serving.servers, .period = intervals.pull_every});
    server.serve(serving.order, [&](std::size_t worker) {
        ServerRank::Slot& slot = server.slot(worker);
        const std::uint64_t steps = std::min(intervals.push_every, slot.steps_left);
        serving.updating.apply(server.v(), slot.inbox, slot.sent, server.staleness(worker), serving.weighing);
        server.contribute(worker, steps);
        server.changed();
        slot.steps_left -= steps;
        if (slot.steps_left == 0) return server.reply(worker);
        std::swap(slot.sent, slot.inbox);  // the worker goes on from what it sent
        ++slot.version_read;
        server.expect(worker);
    });
}

void work_with_server(Participant& participant, const ParameterServing& serving) {
    const PushAndPull& intervals = serving.intervals;
    const Grants grants(participant.training.steps(), participant.workers(), intervals.pull_every);
    ServerLinks servers(participant, serving.servers);
    base::FloatBuffer w = travelling_copy(participant.start);
    const bool copies = servers.needs_two_vectors() || intervals.push_every < intervals.pull_every;
    base::FloatBuffer pushed = copies ? backend::make_buffer(w.size()) : base::FloatBuffer();
    const auto outgoing = [&]() -> std::span<const float> {
        if (!copies) return w;
        servers.settle();
        copy_values(pushed, w);
        return pushed;
    };
    std::uint64_t left = grants.first(participant.rank());
    std::uint64_t since_push = 0;
    std::uint64_t step = 0;
    const Kept keeps_w(participant.leg, "w", w);
    const Kept keeps_left(participant.leg, "left", left);
    const Kept keeps_step(participant.leg, "step", step);
    comm::Mark mark = servers.begin(left == 0);
    for (; mark == comm::Mark::none; ++step) {
        participant.training.step(step, w);
        --left;
        if (left == 0) {
            mark = servers.exchange(outgoing(), w);
            left = mark == comm::Mark::last ? 0 : grants.period();
            since_push = 0;
        } else if (++since_push == intervals.push_every) {
            servers.push(outgoing());
            since_push = 0;
        }
        participant.journal.own_parameters(step, w);
    }
}

}  // namespace lockstep::exchange
