// Local SGD whose mean is not taken as it is: the way from v to the mean is handed to an outer optimiser.
//
// On 3 workers, v = 12, after H steps w_i = 10, 8, 6: the mean is 8, Delta = 12 - 8 = 4. Outer SGD with
// learning rate 0.5: v = 12 - 0.5 * 4 = 10 on all of them, from which all go on.
//
// Delta is computed from the mean of the w_i, which needs one allreduce and no sum of differences; with outer
// SGD of learning rate 1 v is that mean, in exact arithmetic.
//
// With an outer Nesterov the workers set out from the look-ahead point: there its gradient belongs.
//
// No deadlock and no staleness, as in local_sgd.cpp. The outer optimiser's velocity is the same on all
// workers, because they feed it the same bits.
#include "exchange/synchronous/diloco.hpp"

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "option/values.hpp"

namespace lockstep::exchange {

std::vector<option::Option<DilocoOptions>> DilocoOptions::options() {
    return {
        {"outer-optimiser", option::choice(&DilocoOptions::outer_optimiser),
         "What diloco does with the workers' mean progress, as if it were a gradient."},
        {"outer-lr", option::of(&DilocoOptions::outer_lr, option::positive_real()), "Learning rate of that."},
        {"outer-momentum", option::of(&DilocoOptions::outer_momentum, option::proper_fraction()),
         "Momentum of that.", "with --outer-optimiser momentum or nesterov",
         [](const DilocoOptions& chosen) { return chosen.outer_optimiser->has_momentum; }}};
}

void Diloco::train(Participant& participant) const {
    const std::size_t values = participant.start.size();
    Averaging average(*this, participant.group(), values);
    const auto outer = outer_optimiser->make(outer_momentum, values);
    base::FloatBuffer v = travelling_copy(participant.start);
    base::FloatBuffer delta = backend::make_buffer(values);
    const auto rate = static_cast<float>(outer_lr);
    const Kept keeps_v(participant.leg, "v", v);
    const Kept keeps_outer(participant.leg, "outer optimiser", *outer);
    const bool is_continued = participant.leg != nullptr && participant.leg->is_continued();
    std::span<const float> set_out =
        is_continued ? outer->look_ahead(v) : v;  // where all workers' local steps started
    step_and_combine(participant, [&](std::uint64_t steps, std::span<float> w) {
        if (!meets_after(steps, participant.training)) return false;
        average(w);
        backend::compute(static_cast<double>(values), [&] {
            base::copy(delta, set_out);
            base::add_scaled(delta, w, -1.0F);
        });
        outer->apply(v, delta, rate);
        set_out = outer->look_ahead(v);
        copy_values(w, set_out);
        return true;
    });
}

}  // namespace lockstep::exchange
