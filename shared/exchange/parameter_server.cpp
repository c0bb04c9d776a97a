// A dedicated rank holds v. One receive per worker is always open, so messages travel while the server is
// busy with others; a reply is a copy of v in the worker's own slot, so it travels while v moves on.
//
// By arrival, on workers 0, 1 and server S, worker 1 three times slower:
//   0 -> S: v1 = v0 + step, S -> 0;   0 -> S: v2, S -> 0;   0 -> S: v3, S -> 0;   1 -> S: step made on v0
//   enters v3 (staleness 3)
// All together take c times the steps of one; who is faster takes more of them. The server counts: with its
// reply a worker may take another step, until as many are under way as are left; then its reply is marked as
// the last. So every step that is taken enters v.
// In rotation each takes the same number, and S would not look at worker 0's second step before worker 1's
// first: the slowest worker paces all.
//
// No deadlock: a worker has at most one message under way and then waits for the reply; the server answers
// each message it takes, in finite time, and waits only for workers that still have steps to take. Before a
// slot is used again its reply has been received, because the worker sends its next w_i only after that.
#include "exchange/parameter_server.hpp"

#include <vector>

#include "backend/backend.hpp"
#include "exchange/update_rule.hpp"

namespace lockstep::exchange {
namespace {

/// What the server keeps for one worker.
struct Slot {
    base::FloatBuffer inbox;
    base::FloatBuffer sent;  ///< the v that the worker got last
    comm::Request reply;
    std::uint64_t version_sent = 0;
    std::uint64_t steps_done = 0;
};

/// Whether a worker whose step has entered v takes another one.
bool goes_on(ServingOrder order, const Slot& slot, std::uint64_t steps, std::uint64_t granted,
             std::uint64_t total) {
    return order == ServingOrder::rotation ? slot.steps_done < steps : granted < total;
}

}  // namespace

void serve(Participant& participant, ServingOrder order) {
    comm::Communicator& communicator = participant.communicator;
    const UpdateRule rule(participant.config);
    const std::size_t workers = participant.workers();
    const std::uint64_t steps = participant.training.steps();

    base::FloatBuffer v = travelling_copy(participant.start);
    std::vector<Slot> slots(workers);
    std::vector<comm::Request> arrivals(workers);
    for (std::size_t i = 0; i < workers; ++i) {
        slots[i].inbox = backend::make_buffer(v.size());
        slots[i].sent = travelling_copy(participant.start);
        if (steps > 0) arrivals[i] = communicator.start_receive(slots[i].inbox, i);
    }
    const std::uint64_t total = steps * workers;
    std::uint64_t granted = workers;
    std::uint64_t version = 0;
    const auto serve_all = [&] {
        for (; version < total; ++version) {
            std::size_t worker = version % workers;
            if (order == ServingOrder::arrival) {
                worker = communicator.wait_any(arrivals);
            } else {
                communicator.wait(arrivals[worker]);
            }
            Slot& slot = slots[worker];
            communicator.wait(slot.reply);
            rule.apply(v, slot.inbox, slot.sent, slot.version_sent == version);
            participant.journal.applied({worker, slot.steps_done++, slot.version_sent, version});
            if ((version + 1) % workers == 0)
                participant.journal.shared_parameters((version + 1) / workers, v);
            copy_values(slot.sent, v);
            slot.version_sent = version + 1;
            const bool more = goes_on(order, slot, steps, granted, total);
            slot.reply = communicator.start_send(slot.sent, worker, !more);
            if (!more) continue;
            ++granted;
            arrivals[worker] = communicator.start_receive(slot.inbox, worker);
        }
        for (Slot& slot : slots) communicator.wait(slot.reply);
    };
    try {
        serve_all();
    } catch (...) {
        participant.journal.interrupted(version, v);
        throw;
    }
}

void work_with_server(Participant& participant) {
    if (participant.training.steps() == 0) return;
    base::FloatBuffer w = travelling_copy(participant.start);
    bool is_last = false;
    for (std::uint64_t step = 0; !is_last; ++step) {
        participant.training.step(step, w);
        participant.communicator.send(w, participant.server());
        is_last = participant.communicator.receive_and_see_whether_last(w, participant.server());
        participant.journal.own_parameters(step, w);
    }
}

}  // namespace lockstep::exchange
