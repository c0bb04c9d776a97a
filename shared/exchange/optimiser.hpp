#pragma once

#include <cstddef>
#include <span>

#include "base/float_buffer.hpp"
#include "scenario/config.hpp"

namespace lockstep::exchange {

/// What a gradient g does to a vector w, at learning rate eta:
///
/// * sgd: w -= eta g.
/// * momentum: u = m u - eta g; w += u (heavy ball; Polyak 1964).
/// * nesterov: the same with g taken at w + m u (Sutskever et al. 2013, eq. 3 and 4).
///
/// Example, m = 0.5, eta = 1, w = 10, gradients 4 and then 2: sgd 6, 4; momentum u = -4, -4: 6, 2.
///
/// Arithmetic is charged: 2 n operations for sgd, 4 n with momentum, 2 n more for nesterov's look ahead.
class Optimiser {
  public:
    Optimiser(scenario::Optimiser kind, double momentum, std::size_t values);

    /// Where the next gradient is to be taken: w, or ahead of it. Valid until the next call.
    std::span<const float> look_ahead(std::span<const float> w);

    void apply(std::span<float> w, std::span<const float> gradient, float rate);

    /// Vectors that it holds.
    static std::size_t vectors(scenario::Optimiser kind) { return static_cast<std::size_t>(kind); }

  private:
    scenario::Optimiser kind_;
    float momentum_;
    base::FloatBuffer velocity_;
    base::FloatBuffer ahead_;
};

}  // namespace lockstep::exchange
