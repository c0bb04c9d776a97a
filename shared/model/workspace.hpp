#pragma once

#include <cstddef>
#include <vector>

#include "base/float_buffer.hpp"

namespace lockstep::model {

class Network;

/// One worker's scratch memory for a network and batches up to a capacity. Never shared between threads.
/// Holds nothing from one call to the next.
///
/// Size: capacity * (sum of the layers' outputs + the widest hidden layer) + parameter_count float32.
class Workspace {
  public:
    Workspace(const Network& network, std::size_t capacity);

    /// The largest batch for gradient() and step(); evaluate() takes larger ones in pieces. At least 1.
    std::size_t capacity() const { return capacity_; }

  private:
    friend class Network;

    std::size_t capacity_;
    std::vector<base::FloatBuffer> layers_;  ///< batch x outputs: activations, then, going backward, errors
    base::FloatBuffer back_;  ///< batch x outputs of a hidden layer: its error before the derivative
    base::FloatBuffer gradient_;
};

}  // namespace lockstep::model
