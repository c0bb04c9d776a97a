#pragma once

#include <cstddef>

namespace lockstep::scenario {

/// Rows and columns of the torus of so many workers.
struct TorusShape {
    std::size_t rows;
    std::size_t columns;
};

/// The most nearly square one: the largest divisor up to the root gives the rows. 12 workers: 3 x 4; 7
/// workers: 1 x 7.
constexpr TorusShape torus_shape(std::size_t workers) {
    std::size_t rows = 1;
    for (std::size_t divisor = 1; divisor * divisor <= workers; ++divisor)
        if (workers % divisor == 0) rows = divisor;
    return {rows, workers / rows};
}

}  // namespace lockstep::scenario
