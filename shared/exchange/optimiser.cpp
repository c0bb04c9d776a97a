#include "exchange/optimiser.hpp"

#include "backend/backend.hpp"
#include "base/vector_math.hpp"

namespace lockstep::exchange {

Optimiser::Optimiser(scenario::Optimiser kind, double momentum, std::size_t values)
    : kind_(kind), momentum_(static_cast<float>(momentum)) {
    if (kind_ != scenario::Optimiser::sgd) velocity_ = backend::make_buffer(values);
    if (kind_ == scenario::Optimiser::nesterov) ahead_ = backend::make_buffer(values);
}

std::span<const float> Optimiser::look_ahead(std::span<const float> w) {
    if (kind_ != scenario::Optimiser::nesterov) return w;
    backend::compute(2.0 * static_cast<double>(w.size()), [&] {
        base::copy(ahead_, w);
        base::add_scaled(ahead_, velocity_, momentum_);
    });
    return ahead_;
}

void Optimiser::apply(std::span<float> w, std::span<const float> gradient, float rate) {
    const auto values = static_cast<double>(w.size());
    if (kind_ == scenario::Optimiser::sgd)
        return backend::compute(2 * values, [&] { base::descend(w, gradient, rate); });
    backend::compute(4 * values, [&] {
        base::scale(velocity_, momentum_);
        base::descend(velocity_, gradient, rate);
        base::add(w, velocity_);
    });
}

}  // namespace lockstep::exchange
