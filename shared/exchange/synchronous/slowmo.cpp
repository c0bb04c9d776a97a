// Local SGD whose mean gets a momentum: what all moved by since the last average counts again, a little less
// each time, in the averages to come.
//
// On 2 workers, alpha = 1, beta = 0.5, gamma = 1, H = 1, v = 10, each step subtracting 1 and 3:
//   step 1: w_i = 9, 7, mean 8: u = 0 + (10 - 8) = 2, v = 10 - 2 = 8
//   step 2: w_i = 7, 5, mean 6: u = 1 + (8 - 6) = 3, v = 8 - 3 = 5, one farther than the mean.
//
// u is in units of a gradient, so that a learning rate that decays does not shrink what it remembers.
//
// No deadlock and no staleness, as in local_sgd.cpp. u and v are the same on all workers, because all make
// them of the same bits.
#include "exchange/synchronous/slowmo.hpp"

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {

std::vector<option::Option<SlowMoOptions>> SlowMoOptions::options() {
    return {{"slow-lr", option::of(&SlowMoOptions::slow_lr, option::positive_real()),
             "Slow learning rate alpha of slowmo, by which the mean progress of the workers is multiplied."},
            {"slow-momentum", option::of(&SlowMoOptions::slow_momentum, option::proper_fraction()),
             "Slow momentum beta of slowmo; with 0, and alpha = 1, it is local-sgd."}};
}

void SlowMo::train(Participant& participant) const {
    const LocalTraining& training = participant.training;
    const std::size_t values = participant.start.size();
    const bool takes_the_mean = slow_lr == 1 && slow_momentum == 0;
    Averaging average(*this, participant.group(), values);
    base::FloatBuffer v = travelling_copy(takes_the_mean ? std::span<const float>() : participant.start);
    base::FloatBuffer u = backend::make_buffer(takes_the_mean ? 0 : values);
    const Kept keeps_v(participant.leg, "v", v);
    const Kept keeps_u(participant.leg, "u", u);
    step_and_combine(participant, [&](std::uint64_t steps, std::span<float> w) {
        if (!meets_after(steps, training)) return false;
        average(w);
        if (takes_the_mean) return true;
        const float gamma = training.learning_rate(steps - 1);
        backend::compute(6 * static_cast<double>(values), [&] {
            base::scale(u, static_cast<float>(slow_momentum));
            base::add_scaled_difference(u, v, w, 1 / gamma);
            base::descend(v, u, static_cast<float>(slow_lr) * gamma);
        });
        copy_values(w, v);
        return true;
    });
}

}  // namespace lockstep::exchange
