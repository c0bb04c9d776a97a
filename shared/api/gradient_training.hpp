#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/block.hpp"
#include "base/float_buffer.hpp"
#include "exchange/local_training.hpp"

namespace lockstep {

/// What a training is besides its gradient.
struct Schedule {
    std::uint64_t steps = 1;            ///< of each worker, on average
    std::uint64_t steps_per_epoch = 0;  ///< 0: the whole run is one epoch
    float learning_rate = 0.1F;         ///< of the first epoch
    float decay = 1;                    ///< by which it is multiplied after each epoch
    exchange::Optimising optimising = {};
    /// Floating-point operations of one gradient: what a step takes in simulated time.
    double flops = 0;
    /// The matrices and vectors that the parameters consist of, for codes that look at them (power-sgd).
    /// Empty: one row.
    std::vector<base::Block> blocks = {};
};

/// The training of a model that is known by its gradient alone.
///
/// Example, the mean of numbers by gradient descent on (w - x)^2 / 2, one number a step:
/// `GradientTraining mean(1, {.steps = 100, .flops = 1}, [&](std::uint64_t step, std::span<const float> w,
/// std::span<float> gradient) { gradient[0] += w[0] - numbers[step % numbers.size()]; });`
class GradientTraining : public exchange::LocalTraining {
  public:
    /// Adds the gradient at `w` of this worker's batch number `step` to `gradient`, which holds zeros. Both
    /// are as long as the parameters. May throw. May run on another thread than the rank's: it must touch
    /// nothing that another rank may touch meanwhile, and not communicate.
    using Gradient =
        std::function<void(std::uint64_t step, std::span<const float> w, std::span<float> gradient)>;

    /// Of `values` parameters. Throws base::InputError where a number of the schedule is negative or not
    /// finite.
    GradientTraining(std::size_t values, Schedule schedule, Gradient gradient);

    std::uint64_t steps() const override { return schedule_.steps; }
    std::uint64_t steps_per_epoch() const override { return schedule_.steps_per_epoch; }
    float learning_rate(std::uint64_t step) const override;
    exchange::Optimising optimising() const override { return schedule_.optimising; }
    std::span<const base::Block> blocks() const override { return schedule_.blocks; }

    using exchange::LocalTraining::gradient;
    void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) override;
    /// The optimiser's operations are charged besides the gradient's. Its memory begins anew with step 0, so
    /// that one training may be used for several runs.
    void step(std::uint64_t step, std::span<float> w) override;

  private:
    Schedule schedule_;
    Gradient gradient_;
    std::unique_ptr<exchange::Optimiser> optimiser_;  ///< of step(), made by step 0
    base::FloatBuffer scratch_;                       ///< its gradient
};

}  // namespace lockstep
