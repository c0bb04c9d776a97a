#pragma once

#include <cstddef>
#include <limits>
#include <span>

#include "study/launch/runs.hpp"

namespace lockstep::study {

/// A figure over the runs of one row that have a result.
struct Spread {
    std::size_t count = 0;      ///< of the numbers that there are
    std::size_t undefined = 0;  ///< runs without the figure: a loss that is not finite any more
    /// NaN of none, and the mean where a run is without it: that of the others would be of the lucky ones.
    double mean = std::numeric_limits<double>::quiet_NaN();
    double least = std::numeric_limits<double>::quiet_NaN();
    double most = std::numeric_limits<double>::quiet_NaN();

    /// Whether there is more to tell than the mean.
    bool is_wide() const { return least < most || (count > 0 && undefined > 0); }
};
Spread spread(std::span<const Run> runs, double result::Summary::*figure);

/// How many of the runs have a result.
std::size_t count_there(std::span<const Run> runs);

/// `finished`, or what befell any of the runs: `failed` before `stalled` before `diverged`.
std::string_view worst_outcome(std::span<const Run> runs);

}  // namespace lockstep::study
