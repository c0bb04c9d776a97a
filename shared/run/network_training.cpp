#include "run/network_training.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"
#include "base/vector_math.hpp"
#include "model/learning_rate.hpp"
#include "scenario/processors.hpp"

namespace lockstep::run {

NetworkTraining::NetworkTraining(const Problem& problem, const scenario::Config& config, std::size_t worker,
                                 Progress* progress, events::Recorder* recorder)
    : problem_(problem), config_(config), worker_(worker), progress_(progress), recorder_(recorder) {
    if (worker >= config.workers) return;
    if (!backend::arithmetic_is_real()) return;
    const std::size_t capacity = problem.order.largest_batch();
    loader_.emplace(problem.dataset->train, problem.network.architecture().inputs, capacity);
    workspace_.emplace(problem.network, capacity);
    losses_.reserve(problem.steps(config));
}

void NetworkTraining::begin_at(std::uint64_t first_step) {
    first_step_ = first_step;
    if (backend::arithmetic_is_real()) losses_.resize(first_step, std::numeric_limits<double>::quiet_NaN());
}

float NetworkTraining::learning_rate(std::uint64_t step) const {
    const std::uint64_t epoch = (first_step_ + step) / steps_per_epoch();
    return static_cast<float>(model::learning_rate(config_.lr, config_.lr_decay, epoch));
}

void NetworkTraining::step(std::uint64_t step, std::span<float> w) {
    const float rate = learning_rate(step);
    if (!config_.optimiser->has_momentum)
        return take(step, 0, [&](const model::Batch& batch) {
            return problem_.network.step(w, batch, rate, *workspace_);
        });
    if (!optimiser_) make_optimiser();
    gradient(step, optimiser_->look_ahead(w), gradient_);
    optimiser_->apply(w, gradient_, rate);
}

void NetworkTraining::make_optimiser() {
    optimiser_ = optimising().make(problem_.parameters);
    gradient_ = backend::make_buffer(problem_.parameters);
}

std::span<float> NetworkTraining::memory() {
    return optimiser_ && backend::arithmetic_is_real() ? optimiser_->memory() : std::span<float>();
}

NetworkTraining::State NetworkTraining::state() {
    const std::span<float> values = memory();
    return {steps_done_, losses_, {values.begin(), values.end()}};
}

void NetworkTraining::go_on_from(State state) {
    steps_done_ = state.steps_done;
    losses_ = std::move(state.losses);
    if (state.memory.empty()) return;
    make_optimiser();
    if (state.memory.size() != memory().size())
        throw base::InputError("what the optimiser remembers", fmt::format("{} values", state.memory.size()),
                               fmt::format("{}, as this run has them", memory().size()));
    base::copy(memory(), state.memory);
}

void NetworkTraining::gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) {
    take(step, problem_.update_flops(), [&](const model::Batch& batch) {
        return problem_.network.gradient(w, batch, gradient, *workspace_);
    });
}

void NetworkTraining::gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient,
                               exchange::GradientWatcher& watcher) {
    const Step now = start(step);
    double loss = std::numeric_limits<double>::quiet_NaN();
    if (scenario::is_phantom(config_)) {
        phantom_gradient(now, watcher);
        return finish(step, loss);
    }
    const model::Network& network = problem_.network;
    backend::compute({network.evaluation_flops(now.samples) * now.time_factor, backend::Kind::model},
                     [&] { loss = network.start_gradient(w, batch(now), *workspace_); });
    for (std::size_t layer = network.layer_count(); layer-- > 0;) {
        backend::compute(
            {network.layer_gradient_flops(layer, now.samples) * now.time_factor, backend::Kind::model},
            [&] { network.layer_gradient(layer, w, batch_, gradient, *workspace_); },
            [&] { watcher.meanwhile(); });
        watcher.known_from(network.first_value(layer));
    }
    finish(step, loss);
}

/// A third of the operations forward, and the rest backward, evenly over the vector in parts of a hundredth.
void NetworkTraining::phantom_gradient(const Step& step, exchange::GradientWatcher& watcher) {
    constexpr std::size_t parts = 100;
    const double flops =
        (problem_.step_flops(config_, step.samples) - problem_.update_flops()) * step.time_factor;
    backend::compute({flops / 3, backend::Kind::model}, [] {});
    for (std::size_t part = parts; part-- > 0;) {
        backend::compute({flops * 2 / 3 / parts, backend::Kind::model}, [] {});
        watcher.known_from(problem_.parameters * part / parts);
        watcher.meanwhile();
    }
}

void NetworkTraining::take(std::uint64_t step, double saved_flops,
                           base::FunctionRef<double(const model::Batch& batch)> arithmetic) {
    const Step now = start(step);
    const double flops = (problem_.step_flops(config_, now.samples) - saved_flops) * now.time_factor;
    double loss = std::numeric_limits<double>::quiet_NaN();
    backend::compute({flops, backend::Kind::model}, [&] { loss = arithmetic(batch(now)); });
    finish(step, loss);
}

NetworkTraining::Step NetworkTraining::start(std::uint64_t step) {
    step += first_step_;
    if (recorder_ != nullptr) recorder_->begin_round(step);
    const std::size_t round = step % steps_per_epoch();
    const std::uint64_t epoch = step / steps_per_epoch();
    if (epoch != epoch_of_indices_ && backend::arithmetic_is_real()) {
        indices_ = problem_.order.epoch_indices(worker_, epoch);
        epoch_of_indices_ = epoch;
    }
    return {round, problem_.order.batch_size(round), scenario::step_time_factor(config_, worker_, step)};
}

const model::Batch& NetworkTraining::batch(const Step& step) {
    batch_ = loader_->gather(problem_.order.round_indices(indices_, step.round));
    return batch_;
}

void NetworkTraining::finish(std::uint64_t step, double loss) {
    if (backend::arithmetic_is_real()) losses_.push_back(loss);
    ++steps_done_;
    if (progress_ != nullptr) report(first_step_ + std::min(step, steps() - 1), loss);
}

void NetworkTraining::report(std::uint64_t step, double loss) const {
    progress_->show({.epoch = step / problem_.order.rounds_per_epoch() + 1,
                     .epochs = config_.epochs,
                     .step = step + 1,
                     .steps = first_step_ + steps(),
                     .samples = samples(step + 1) * config_.workers,
                     .loss = loss});
}

std::uint64_t NetworkTraining::samples(std::uint64_t steps) const {
    const std::uint64_t rounds = problem_.order.rounds_per_epoch();
    // Within an epoch all batches but the last are of the largest size.
    const std::uint64_t rest = (steps % rounds) * problem_.order.largest_batch();
    return steps / rounds * problem_.order.samples_per_epoch() + rest;
}

}  // namespace lockstep::run
