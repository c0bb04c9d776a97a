// Synchronous parameter averaging. In each round worker i computes w_i = v - rate * gradient(v; its batch),
// the workers add up their w_i by an allreduce, and everybody divides by c: v = (1/c) sum w_i.
//
// On 3 workers, one round, values instead of vectors: v = 6; the steps give 5, 4, 3; the allreduce leaves 12
// on each rank; v = 4 on each rank, and the next round starts from it.
//
// No deadlock: every rank calls the same collective in the same round. No staleness: each step starts from
// the v that holds all steps before; the price is that every round takes as long as its slowest worker.
#include "exchange/sync_average.hpp"

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "exchange/collective.hpp"

namespace lockstep::exchange {

void sync_average(Participant& participant) {
    comm::Communicator& communicator = participant.communicator;
    const auto allreduce = choose(participant.config.collective).allreduce;
    const std::size_t workers = participant.workers();
    const auto share = static_cast<float>(1.0 / static_cast<double>(workers));

    base::FloatBuffer w = travelling_copy(participant.start);
    base::FloatBuffer scratch = backend::make_buffer(w.size());
    for (std::uint64_t round = 0; round < participant.training.steps(); ++round) {
        participant.training.step(round, w);
        if (workers > 1) {
            allreduce(communicator, w, scratch);
            backend::compute(static_cast<double>(w.size()), [&] { base::scale(w, share); });
        }
        participant.journal.applied({participant.rank(), round, round, round});
        if (participant.rank() == 0) participant.journal.shared_parameters(round + 1, w);
        participant.journal.own_parameters(round, w);
    }
}

}  // namespace lockstep::exchange
