#include "api/gradient_training.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "backend/backend.hpp"

namespace lockstep {

GradientTraining::GradientTraining(std::size_t values, Schedule schedule, Gradient gradient)
    : schedule_(std::move(schedule)), gradient_(std::move(gradient)) {
    if (schedule_.steps_per_epoch == 0) schedule_.steps_per_epoch = schedule_.steps;
    if (schedule_.blocks.empty()) schedule_.blocks = {{0, 1, values}};
}

float GradientTraining::learning_rate(std::uint64_t step) const {
    const auto epoch = static_cast<float>(step / schedule_.steps_per_epoch);
    return schedule_.learning_rate * std::pow(schedule_.decay, epoch);
}

void GradientTraining::gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) {
    backend::compute({schedule_.flops, backend::Kind::model}, [&] {
        std::ranges::fill(gradient, 0.0F);
        gradient_(step, w, gradient);
    });
}

void GradientTraining::step(std::uint64_t step, std::span<float> w) {
    if (!optimiser_) {
        optimiser_ = schedule_.optimising.make(w.size());
        scratch_ = backend::make_buffer(w.size());
    }
    gradient(step, optimiser_->look_ahead(w), scratch_);
    optimiser_->apply(w, scratch_, learning_rate(step));
}

}  // namespace lockstep
