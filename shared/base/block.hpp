#pragma once

#include <cstddef>

namespace lockstep::base {

/// A matrix within a flat float32 vector: `rows` x `columns` values from `first` on, row by row.
///
/// A vector, such as a layer's biases, is a block of one row. Example: 3 x 2 weights followed by their 3
/// biases are the blocks {0, 3, 2} and {6, 1, 3}.
struct Block {
    std::size_t first = 0;
    std::size_t rows = 0;
    std::size_t columns = 0;

    std::size_t size() const { return rows * columns; }
    bool operator==(const Block&) const = default;
};

}  // namespace lockstep::base
