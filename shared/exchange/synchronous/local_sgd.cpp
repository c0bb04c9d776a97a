// Workers step on their own and meet every H steps.
//
// On 3 workers with H = 2, values instead of vectors, each step subtracting 1, 2, 3 on workers 0, 1, 2:
//   start 12 12 12;   step 1: 11 10 9;   step 2: 10 8 6, mean 8: 8 8 8;   step 3: 7 6 5, the last: mean 6.
// The mean of the w_i goes 12, 10, 8, 6: it obeys mean -= rate * mean gradient at every step, also where
// nothing is exchanged; only the points at which gradients are taken differ from those of allreduce.
//
// No deadlock: all workers take the same number of steps and meet after the same ones. Nothing is stale in
// the sense of a server: every step starts from the worker's own parameters; what grows with H is how far
// these drift apart.
#include "exchange/synchronous/local_sgd.hpp"

namespace lockstep::exchange {

void LocalSgd::train(Participant& participant) const {
    Averaging average(*this, participant.group(), participant.start.size());
    step_and_combine(participant, [&](std::uint64_t steps, std::span<float> w) {
        const bool meets = meets_after(steps, participant.training);
        if (meets) average(w);
        return meets;
    });
}

}  // namespace lockstep::exchange
