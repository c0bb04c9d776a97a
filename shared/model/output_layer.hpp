#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/architecture.hpp"

namespace lockstep::model {

/// The output layer's values for a batch: labels.size() x classes, row-major, on a 64-byte boundary and with
/// room for whole vectors (see activation.hpp).
struct Outputs {
    float* values;
    std::size_t classes;
    std::span<const std::uint8_t> labels;
    std::size_t count() const { return labels.size() * classes; }
    float* row(std::size_t sample) const { return values + sample * classes; }
};

/// Samples whose largest value is the label's. The first of equal values is the largest; with a value that is
/// not a number none is.
std::size_t count_correct(const Outputs& outputs);

/// Turns weighted inputs into outputs, softmax or sigmoid, and returns the sum of the samples' losses.
///
/// Softmax and its loss are computed from z - max z, so no finite weighted input overflows:
/// -log p[label] = log(sum over j of exp(z[j] - max)) - (z[label] - max).
double apply_loss(Loss kind, const Outputs& outputs);

/// Turns outputs into the gradient of the batch's mean loss with respect to the weighted inputs: (p - y) / b
/// for the cross-entropy, (a - y) a (1 - a) / b for the squared error.
void apply_loss_gradient(Loss kind, const Outputs& outputs);

}  // namespace lockstep::model
