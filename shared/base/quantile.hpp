#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace lockstep::base {

/// The value below which a share of the values lies, linear between neighbours (Hyndman and Fan 1996, type
/// 7): of 1, 2, 3, 4 the quartiles are 1.75 and 3.25, the median is 2.5. Preconditions: `sorted` ascends and
/// is not empty, 0 <= share <= 1.
inline double quantile(std::span<const double> sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

}  // namespace lockstep::base
