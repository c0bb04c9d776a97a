// The token of the rotation is v itself. Worker i steps on its own copy w while v visits the others; when v
// arrives it applies w by the update rule, takes the new v as its next w, and passes v on to worker i + 1.
//
// On 3 workers (v with its version; each update reads what the worker saw in the round before):
//   worker 0: v0 -> v1, on to 1      worker 1: v1 -> v2, on to 2      worker 2: v2 -> v3, on to 0
//   staleness of these updates: 0, 1, 2 (all stepped from v0)
//   worker 0: v3 -> v4 from a step on v1: staleness 2, as for everybody from now on.
//
// v is sent from `received`, which holds the same values until the worker's next turn: so the send may go on
// while the next step is computed, and nobody's step waits for anybody's (docs/adr/0005).
//
// No deadlock: there is one token; its receiver has opened the receive before it computes, and after
// computing waits for nothing else. When the token is back, all sends before it have been received, so
// waiting for one's own takes no time. The run, and each of its legs, ends with worker c - 1, which keeps v.
#include "exchange/server/in_turn.hpp"

#include "backend/backend.hpp"
#include "exchange/server/parameter_server.hpp"

namespace lockstep::exchange {

void InTurn::check(const Team& /*team*/) const {
    Updating::check(*this);
}

void InTurn::pass_the_token(Participant& participant) const {
    comm::Communicator& communicator = participant.communicator;
    const std::size_t workers = participant.workers();
    const std::size_t rank = participant.rank();
    const std::size_t next = (rank + 1) % workers;
    const std::size_t previous = (rank + workers - 1) % workers;

    base::FloatBuffer v = travelling_copy(participant.start);
    base::FloatBuffer w = travelling_copy(participant.start);
    base::FloatBuffer received = travelling_copy(participant.start);
    comm::Request passing_on;
    std::uint64_t version_read = 0;
    std::uint64_t step = 0;
    const Kept keeps_v(participant.leg, "v", v);
    const Kept keeps_w(participant.leg, "w", w);
    const Kept keeps_received(participant.leg, "received", received);
    const Kept keeps_version(participant.leg, "version read", version_read);
    const Kept keeps_step(participant.leg, "step", step);
    for (; participant.takes(step); ++step) {
        const std::uint64_t version = step * workers + rank;
        const bool begins_next_round = rank + 1 == workers && workers > 1;
        if (begins_next_round && step > 0) passing_on = communicator.start_send(received, next);
        comm::Request token;
        if (workers > 1 && version > 0) token = communicator.start_receive(v, previous);
        participant.training.step(step, w);
        communicator.wait(token);
        const auto short_rank = static_cast<std::uint32_t>(rank);
        participant.take({short_rank, short_rank, static_cast<std::uint32_t>(step),
                          static_cast<std::uint32_t>(version_read), static_cast<std::uint32_t>(version)});
        Updating::apply(v, w, received, version - version_read, *this);
        participant.journal.applied({rank, step, version_read, version});
        if (rank + 1 == workers) participant.journal.shared_parameters(step + 1, v);
        communicator.wait(passing_on);
        copy_values(w, v);
        copy_values(received, v);
        version_read = version + 1;
        participant.journal.own_parameters(step, w);
        if (rank + 1 < workers) passing_on = communicator.start_send(received, next);
    }
    communicator.wait(passing_on);
}

void InTurn::train(Participant& participant) const {
    if (server == Server::none) return pass_the_token(participant);
    const ParameterServing serving{.order = ServingOrder::rotation, .updating = *this, .weighing = *this};
    if (participant.is_server()) return serve(participant, serving);
    work_with_server(participant, serving);
}

std::vector<UpdateKernel> InTurn::worker_updates(const Optimising& /*optimising*/, const Work& work) const {
    if (server == Server::dedicated) return {};
    return Updating::kernels(work.values, work.workers - 1, *this, 1);
}

std::vector<UpdateKernel> InTurn::server_updates(const Optimising& /*optimising*/, const Work& work) const {
    return Updating::kernels(work.values, work.workers - 1, *this, static_cast<double>(work.workers));
}

/// A token moves after every update but the last; a dedicated server gets and returns every one.
std::optional<comm::Traffic> InTurn::traffic(const Work& work) const {
    const std::uint64_t updates = work.all_steps();
    const std::uint64_t passed_on = work.workers > 1 && updates > 0 ? updates - 1 : 0;
    const std::uint64_t messages = server == Server::dedicated ? 2 * updates : passed_on;
    return comm::Traffic{messages, messages * 4 * work.values};
}

void InTurn::for_each_pair(std::size_t workers, comm::PairVisitor visit) const {
    if (server == Server::none) return comm::pairs_of_ring({0, 1, workers}, visit);
    Method::for_each_pair(workers, visit);
}

}  // namespace lockstep::exchange
