#include "api/gradient_training.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"

namespace lockstep {
namespace {

void require_finite(std::string_view member, double value) {
    if (!std::isfinite(value) || value < 0)
        throw base::InputError(fmt::format("GradientTraining: Schedule::{}", member), fmt::to_string(value),
                               "a finite number from 0 on");
}

}  // namespace

GradientTraining::GradientTraining(std::size_t values, Schedule schedule, Gradient gradient)
    : schedule_(std::move(schedule)), gradient_(std::move(gradient)) {
    require_finite("learning_rate", static_cast<double>(schedule_.learning_rate));
    require_finite("decay", static_cast<double>(schedule_.decay));
    require_finite("flops", schedule_.flops);
    if (schedule_.steps_per_epoch == 0) schedule_.steps_per_epoch = schedule_.steps;
    if (schedule_.blocks.empty()) schedule_.blocks = {{0, 1, values}};
}

float GradientTraining::learning_rate(std::uint64_t step) const {
    const std::uint64_t epoch = step / schedule_.steps_per_epoch;
    return schedule_.learning_rate * std::pow(schedule_.decay, static_cast<float>(epoch));
}

void GradientTraining::gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) {
    backend::compute({schedule_.flops, backend::Kind::model}, [&] {
        std::ranges::fill(gradient, 0.0F);
        gradient_(step, w, gradient);
    });
}

void GradientTraining::step(std::uint64_t step, std::span<float> w) {
    if (step == 0 || !optimiser_) {
        optimiser_ = schedule_.optimising.make(w.size());
        scratch_ = backend::make_buffer(w.size());
    }
    gradient(step, optimiser_->look_ahead(w), scratch_);
    optimiser_->apply(w, scratch_, learning_rate(step));
}

}  // namespace lockstep
