#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/block.hpp"

namespace lockstep::compression {

/// Where the factors of a flat vector's matrices lie, and what they cost: M (rows x columns) as P Q' with P
/// rows x rank and Q columns x rank.
///
/// A block is factored where that saves something, rank (rows + columns) < rows columns; other matrices, and
/// all vectors, travel uncompressed in the left buffer.
///
/// Layout: the left buffer holds, block by block, P column by column, or the uncompressed block; the right
/// buffer Q column by column. Example: rank 1, weights 3 x 4 and 3 biases: left P (3) and biases (3), right Q
/// (4): 10 of 15 values travel.
class FactorLayout {
  public:
    struct Part {
        base::Block block;
        bool factored = false;
        std::size_t left = 0;   ///< where it begins in the left buffer
        std::size_t right = 0;  ///< where it begins in the right buffer, if factored
    };

    /// The blocks follow each other without gaps from 0 on; rank >= 1. Else throws base::InputError.
    FactorLayout(std::span<const base::Block> blocks, std::size_t rank);

    std::size_t rank() const { return rank_; }
    std::span<const Part> parts() const { return parts_; }

    /// Lengths of the flat vector and of the two buffers.
    std::size_t values() const { return values_; }
    std::size_t left_values() const { return left_values_; }
    std::size_t right_values() const { return right_values_; }

    /// Operations of P = M Q, also those of Q = M' P and of P Q': 2 rank rows columns, summed.
    double product_flops() const { return product_flops_; }
    /// Of making P's columns orthonormal: rank (4 (rank - 1) + 5) rows, summed.
    double orthonormalise_flops() const { return orthonormalise_flops_; }
    /// Of normalising Q's columns: 3 rank columns, summed.
    double warm_start_flops() const { return 3.0 * static_cast<double>(right_values_); }

  private:
    std::size_t rank_;
    std::vector<Part> parts_;
    std::size_t values_ = 0;
    std::size_t left_values_ = 0;
    std::size_t right_values_ = 0;
    double product_flops_ = 0;
    double orthonormalise_flops_ = 0;
};

}  // namespace lockstep::compression
