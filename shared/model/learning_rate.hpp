#pragma once

#include <cstddef>

namespace lockstep::model {

/// lr * decay^epoch, epochs counted from 0: with lr 1 and decay 0.99, epoch 2 has 0.9801. By repeated
/// multiplication, which IEEE 754 rounds alike on every machine; std::pow differs between C libraries.
double learning_rate(double lr, double decay, std::size_t epoch);

}  // namespace lockstep::model
