// Synchronous parameter averaging. In each round worker i computes w_i = v - rate * gradient(v; its batch),
// the workers add up their w_i by an allreduce, and everybody divides by c: v = (1/c) sum w_i.
//
// On 3 workers, one round, values instead of vectors: v = 6; the steps give 5, 4, 3; the allreduce leaves 12
// on each rank; v = 4 on each rank, and the next round starts from it.
//
// No deadlock: every rank calls the same collective in the same round. No staleness: each step starts from
// the v that holds all steps before; the price is that every round takes as long as its slowest worker.
#include "exchange/synchronous/sync_average.hpp"

namespace lockstep::exchange {

void SyncAverage::train(Participant& participant) const {
    Averaging average(*this, participant.group(), participant.start.size());
    step_and_combine(participant, [&](std::uint64_t /*steps*/, std::span<float> w) {
        average(w);
        return true;
    });
}

std::optional<comm::Traffic> SyncAverage::traffic(const Work& work) const {
    return Summing::traffic(work.workers, work.steps, work.values);
}

}  // namespace lockstep::exchange
