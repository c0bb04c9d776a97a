#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "backend/backend.hpp"
#include "exchange/participant.hpp"

namespace lockstep::support {

/// The gradient of one value, known in closed form: of worker `worker`, step `step`, index `i`, at the value
/// `w`.
using Gradient = float (*)(std::size_t worker, std::uint64_t step, std::size_t i, float w);

/// Whole numbers between -20 and 20 that depend on worker, step and index but not on w: sums are exact in any
/// order.
inline float integer_gradient(std::size_t worker, std::uint64_t step, std::size_t i, float /*w*/) {
    return static_cast<float>(static_cast<int>((7 * worker + 5 * step + 3 * i) % 41) - 20);
}

/// Pulls w towards a different target for every worker, step and index: whoever steps from another w gets
/// another result, and every addition rounds.
inline float pulling_gradient(std::size_t worker, std::uint64_t step, std::size_t i, float w) {
    const auto target = static_cast<float>((11 * worker + 3 * step + i) % 17) / 7.0F;
    return 0.3F * (w - target);
}

/// w -= gradient, for all values, in two subtractions: after a single one, v + (w - v) would always be w, and
/// an exchange that computes just that would look as if it kept w bit for bit. Exact where the gradient is a
/// small integer.
inline void descend(Gradient gradient, std::size_t worker, std::uint64_t step, std::span<float> w) {
    for (std::size_t i = 0; i < w.size(); ++i) {
        const float whole = gradient(worker, step, i, w[i]);
        w[i] -= 0.25F * whole;
        w[i] -= 0.75F * whole;
    }
}

/// Training whose every step is known beforehand: the given gradient at the given charge.
class FakeTraining : public exchange::LocalTraining {
  public:
    FakeTraining(std::size_t worker, std::uint64_t steps, Gradient gradient, double step_flops)
        : worker_(worker), steps_(steps), gradient_(gradient), step_flops_(step_flops) {}

    std::uint64_t steps() const override { return steps_; }
    void step(std::uint64_t step, std::span<float> w) override {
        backend::compute(step_flops_, [&] { descend(gradient_, worker_, step, w); });
    }

  private:
    std::size_t worker_;
    std::uint64_t steps_;
    Gradient gradient_;
    double step_flops_;
};

}  // namespace lockstep::support
