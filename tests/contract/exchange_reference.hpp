#pragma once

#include <cstdint>
#include <vector>

#include "scenario/config.hpp"
#include "tests/support/exchange_run.hpp"

namespace lockstep::contract {

/// What the methods do, as plain programs of one process with the same float32 arithmetic.
using Vector = std::vector<float>;

/// w after each step of plain SGD by worker 0.
std::vector<Vector> serial_reference(const support::Job& job);

/// The rotation of workers around v (in-turn).
struct Rotation {
    std::vector<Vector> v;               ///< after each round of all workers
    std::vector<std::vector<Vector>> w;  ///< per worker, what it goes on from after each of its steps
};
Rotation rotation_reference(const scenario::Config& config, const support::Job& job);

/// v after each round of averaging, in float64: exact where the values are small integers and the mean is
/// too.
std::vector<std::vector<double>> averaging_reference(std::size_t workers, const support::Job& job);

/// The sum of all gradients of all workers, for gradients that do not depend on w.
std::vector<double> sum_of_gradients(std::size_t workers, const support::Job& job);

}  // namespace lockstep::contract
