#include "run/network_training.hpp"

#include <algorithm>
#include <limits>

#include "backend/backend.hpp"
#include "model/learning_rate.hpp"
#include "scenario/processors.hpp"

namespace lockstep::run {

NetworkTraining::NetworkTraining(const Problem& problem, const scenario::Config& config, std::size_t worker,
                                 Progress* progress)
    : problem_(problem), config_(config), worker_(worker), progress_(progress) {
    if (!backend::arithmetic_is_real() || worker >= config.workers) return;
    const std::size_t capacity = problem.order.largest_batch();
    loader_.emplace(problem.dataset->train, problem.network.architecture().inputs, capacity);
    workspace_.emplace(problem.network, capacity);
    losses_.reserve(problem.steps(config));
}

void NetworkTraining::step(std::uint64_t step, std::span<float> w) {
    const std::uint64_t rounds = problem_.order.rounds_per_epoch();
    const std::uint64_t epoch = step / rounds;
    const std::size_t round = step % rounds;
    const std::size_t size = problem_.order.batch_size(round);
    if (round == 0) start_epoch(epoch);
    const double flops =
        problem_.step_flops(config_, size) * scenario::step_time_factor(config_, worker_, step);
    double loss = std::numeric_limits<double>::quiet_NaN();
    backend::compute(flops, [&] {
        const model::Batch batch = loader_->gather(problem_.order.round_indices(indices_, round));
        loss = problem_.network.step(w, batch, static_cast<float>(rate_), *workspace_);
    });
    if (backend::arithmetic_is_real()) losses_.push_back(loss);
    ++steps_done_;
    if (progress_ != nullptr) report(std::min(step, steps() - 1), loss);
}

void NetworkTraining::start_epoch(std::uint64_t epoch) {
    rate_ = model::learning_rate(config_.lr, config_.lr_decay, epoch);
    if (backend::arithmetic_is_real()) indices_ = problem_.order.epoch_indices(worker_, epoch);
}

void NetworkTraining::report(std::uint64_t step, double loss) const {
    progress_->show({.epoch = step / problem_.order.rounds_per_epoch() + 1,
                     .epochs = config_.epochs,
                     .step = step + 1,
                     .steps = steps(),
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
