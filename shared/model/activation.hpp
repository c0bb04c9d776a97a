#pragma once

#include <cstddef>

#include "model/architecture.hpp"

namespace lockstep::model {

/// `count` rounded up to whole 64-byte vectors. The functions below work on that many elements from a 64-byte
/// boundary: every element then goes through the same vector instructions, and its bits do not depend on its
/// place. What lies between `count` and there is overwritten without meaning.
constexpr std::size_t whole_vectors(std::size_t count) {
    return (count + 15) / 16 * 16;
}

/// values = exp(values). Exponents below -104 give 0, those above -104 and below -87 a denormal number.
void exponentiate(float* values, std::size_t count);

/// values = activation(values): 1 / (1 + exp(-x)), tanh(x), or x where it is not negative, else 0. NaN stays
/// NaN.
void activate(Activation activation, float* values, std::size_t count);

/// values = back * (activation's derivative where its value is `values`): a (1 - a), 1 - a^2, or 1 where a >
/// 0, else 0.
void differentiate(Activation activation, float* values, const float* back, std::size_t count);

}  // namespace lockstep::model
