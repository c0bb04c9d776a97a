#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "base/float_buffer.hpp"
#include "base/random.hpp"
#include "compression/codec.hpp"

namespace lockstep::compression {

/// What a worker still owes the others: the sum of its updates less the sum of what its codes stood for.
///
/// A round is u = m + update, then m = u - decoded, here m = 0 at first. So nothing is lost, only late: where
/// every worker's decoded code is subtracted from x, x_t - mean m_t == x_0 - sum of mean updates, up to
/// rounding, whatever the code. Example with top-1 and updates (3, 2), (0, 2): sent (3, 0), then u = (0, 4),
/// sent (0, 4).
///
/// Cost: 2 n operations a round besides those of the codec.
/// Source: Seide et al., "1-bit stochastic gradient descent", 2014, section 3; Stich et al. 2018
/// (1809.07599), algorithm 1.
class ErrorFeedback {
  public:
    /// Owes nothing yet.
    explicit ErrorFeedback(std::size_t values)
        : ErrorFeedback(base::FloatBuffer(values), base::FloatBuffer(values)) {}
    /// The same in these equally long buffers, which hold zeros.
    ErrorFeedback(base::FloatBuffer owed, base::FloatBuffer decoded)
        : owed_(std::move(owed)), decoded_(std::move(decoded)) {}

    /// u = m + update, which is what to encode. The view ends with the next change.
    std::span<const float> add(std::span<const float> update);

    /// m = u - decoded, `decoded` being what the others have taken this worker's contribution for.
    void subtract(std::span<const float> decoded);

    /// Encodes u and subtracts what the code stands for, which it returns. The view ends with the next call.
    std::span<const float> encode(Codec& codec, base::RandomStream& draws, std::span<float> code);

    /// m; between add() and subtract(), u.
    std::span<const float> owed() const { return owed_; }
    std::span<float> owed() { return owed_; }

    /// Of add() and subtract() together.
    double flops() const { return 2.0 * static_cast<double>(owed_.size()); }

  private:
    base::FloatBuffer owed_;
    base::FloatBuffer decoded_;
};

}  // namespace lockstep::compression
