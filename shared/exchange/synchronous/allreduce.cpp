// What data-parallel training usually means: gradients travel, parameters never do.
//
// On 3 workers, v = 6 on each, rate 0.5: the gradients at v are 2, 4, 6; the allreduce leaves 12 on each
// rank, the mean is 4, and each rank computes v = 6 - 0.5 * 4 = 4.
//
// What is sent of a gradient, and when, is the business of gradient_mean.cpp: all of it, a code
// (--compression), or parts of it while others are computed (--buckets).
//
// All ranks hold the same bits of v for ever, because all get the same mean and do the same with it. No
// deadlock: every rank calls the same collective in the same round. No staleness: every gradient is taken at
// the v that it enters; each round takes as long as its slowest worker.
#include "exchange/synchronous/allreduce.hpp"

#include "backend/backend.hpp"
#include "exchange/optimiser.hpp"
#include "exchange/synchronous/gradient_mean.hpp"

namespace lockstep::exchange {

void allreduce(Participant& participant) {
    const scenario::Config& config = participant.config;
    LocalTraining& training = participant.training;
    const std::size_t values = participant.start.size();
    const std::size_t rank = participant.rank();
    const auto mean = make_gradient_mean(participant);
    Optimiser optimiser(config.optimiser, config.momentum, values);
    base::FloatBuffer v = travelling_copy(participant.start);
    base::FloatBuffer gradient = backend::make_buffer(values);
    for (std::uint64_t step = 0; step < training.steps(); ++step) {
        const std::span<const float> at = optimiser.look_ahead(v);
        if (GradientWatcher* const watcher = mean->watch(gradient))
            training.gradient(step, at, gradient, *watcher);
        else
            training.gradient(step, at, gradient);
        const float rate = mean->replace(step, gradient, training.learning_rate(step));
        optimiser.apply(v, gradient, rate);
        participant.journal.applied({rank, step, step, step});
        if (rank == 0) participant.journal.shared_parameters(step + 1, v);
        participant.journal.own_parameters(step, v);
    }
}

std::optional<comm::Traffic> allreduce_traffic(const scenario::Config& config, const Work& work) {
    return gradient_mean_traffic(config, work);
}

}  // namespace lockstep::exchange
