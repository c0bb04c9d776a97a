#pragma once

#include <cstddef>

namespace lockstep::exchange {

/// The values of v that one of several servers holds.
struct Part {
    std::size_t first;
    std::size_t size;
};

/// Part `index` of `values` values in `parts` parts as equal as can be, the larger ones first. 8 values on 3
/// servers: 0-2, 3-5, 6-7.
constexpr Part part_of(std::size_t values, std::size_t parts, std::size_t index) {
    const std::size_t size = values / parts;
    const std::size_t larger = values % parts;
    const std::size_t ahead = index < larger ? index : larger;
    return {index * size + ahead, size + (index < larger ? 1 : 0)};
}

}  // namespace lockstep::exchange
