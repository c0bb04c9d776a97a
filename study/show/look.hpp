#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>

#include "study/timeline_bins.hpp"

namespace lockstep::study {

/// What the place where text is shown can do.
struct Look {
    std::size_t columns = 80;  ///< at least 20
    bool is_utf8 = false;      ///< else ASCII
    bool has_colour = false;
};

/// `count` cells of a bar.
std::string cells(Use use, std::size_t count, const Look& look);
/// What the cells mean.
std::string legend(const Look& look);

/// Cells for each part of a bar of `length` cells whose whole is the shares' sum; none where that is 0. They
/// add up to `length`: what is left after rounding down goes to the largest remainders.
std::array<std::size_t, use_count> divided(const Shares& shares, std::size_t length);

/// One cell a value, from the lowest to the highest; of more values than `length`, the means of as many
/// parts. What is not finite is `!`.
std::string sparkline(std::span<const double> values, std::size_t length, const Look& look);

}  // namespace lockstep::study
