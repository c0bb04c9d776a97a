#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "exchange/optimiser.hpp"
#include "exchange/participant.hpp"
#include "scenario/config.hpp"

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

/// What multiplies the cost of a worker's step number `step`.
using StepFactor = double (*)(std::size_t worker, std::uint64_t step);

/// A training job for an exchange to be tested with.
struct Job {
    std::uint64_t steps = 5;  ///< of each worker
    std::vector<float> start = {1, 2, 3};
    Gradient gradient = integer_gradient;
    double step_flops = 0;
    double first_is_slow = 1;           ///< by this factor
    std::uint64_t steps_per_epoch = 0;  ///< 0: all
    std::size_t columns = 0;            ///< of `start` as a matrix; 0: a vector
    float rate_decay = 1;               ///< from one step's learning rate to the next one's; the first is 1
    StepFactor step_factor = nullptr;   ///< null: 1

    float rate(std::uint64_t step) const {
        float rate = 1;
        for (std::uint64_t k = 0; k < step; ++k) rate *= rate_decay;
        return rate;
    }
    /// The matrix, or vector, that `start` is.
    base::Block block() const {
        return {0, columns == 0 ? 1 : start.size() / columns, columns == 0 ? start.size() : columns};
    }
};

/// Training whose every step is known beforehand: the given gradient at the given charge. Steps, unlike
/// gradients, are at learning rate 1.
/// The flat vector is one matrix of `columns` columns, or one vector.
class FakeTraining : public exchange::LocalTraining {
  public:
    FakeTraining(std::size_t worker, const scenario::Config& config, const Job& job)
        : worker_(worker), job_(job), blocks_{job.block()} {
        if (!config.optimiser->has_momentum) return;
        optimiser_ = config.Optimising::make(job.start.size());
        gradient_ = backend::make_buffer(job.start.size());
    }

    std::uint64_t steps() const override { return job_.steps; }
    std::uint64_t steps_per_epoch() const override {
        return job_.steps_per_epoch == 0 ? job_.steps : job_.steps_per_epoch;
    }
    float learning_rate(std::uint64_t step) const override { return job_.rate(step); }
    std::span<const base::Block> blocks() const override { return blocks_; }
    std::span<float> memory() override { return optimiser_ ? optimiser_->memory() : std::span<float>(); }

    void step(std::uint64_t step, std::span<float> w) override {
        if (optimiser_) {
            gradient(step, optimiser_->look_ahead(w), gradient_);
            return optimiser_->apply(w, gradient_, learning_rate(step));
        }
        ++steps_taken_;
        backend::compute(flops(step), [&] { descend(job_.gradient, worker_, step, w); });
    }
    void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) override {
        ++steps_taken_;
        backend::compute(flops(step), [&] {
            for (std::size_t i = 0; i < w.size(); ++i) gradient[i] = job_.gradient(worker_, step, i, w[i]);
        });
    }

    /// In four parts of equal cost.
    void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient,
                  exchange::GradientWatcher& watcher) override {
        ++steps_taken_;
        for (std::size_t part = 4; part-- > 0;) {
            const std::size_t first = w.size() * part / 4;
            backend::compute(
                flops(step) / 4,
                [&] {
                    for (std::size_t i = first; i < w.size() * (part + 1) / 4; ++i)
                        gradient[i] = job_.gradient(worker_, step, i, w[i]);
                },
                [&] { watcher.meanwhile(); });
            watcher.known_from(first);
        }
    }

    std::uint64_t steps_taken() const { return steps_taken_; }

  private:
    double flops(std::uint64_t step) const {
        const double factor = job_.step_factor == nullptr ? 1 : job_.step_factor(worker_, step);
        return job_.step_flops * factor * (worker_ == 0 ? job_.first_is_slow : 1);
    }

    std::size_t worker_;
    const Job& job_;
    std::array<base::Block, 1> blocks_;
    std::unique_ptr<exchange::Optimiser> optimiser_;
    base::FloatBuffer gradient_;
    std::uint64_t steps_taken_ = 0;
};

}  // namespace lockstep::support
