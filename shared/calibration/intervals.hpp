#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lockstep::calibration {

/// Between these a figure lies in 95 of 100 repetitions of the calibration, as far as its samples tell.
struct Interval {
    double lower = 0;
    double upper = 0;
    std::size_t samples = 0;  ///< that it is of, 0 where they are not counted; of one it says nothing
};

/// A figure with its interval, which contains it.
struct Fitted {
    double value = 0;
    double lower = 0;
    double upper = 0;
    std::size_t samples = 0;  ///< as of Interval
};

/// With the interval that contains the value whatever the samples say.
Fitted fitted(double value, const Interval& interval);
/// amount / figure, of a figure above 0: of a time a speed.
Fitted inverse(double amount, const Fitted& figure);
/// Each end; those of several figures may be added up, of which the one with the fewest samples tells least.
Fitted scaled(const Fitted& figure, double factor);
Fitted sum(const Fitted& one, const Fitted& other);

/// From the smallest 2.5 % to the largest. Precondition: not empty.
Interval middle_of(std::vector<double> values);

/// Of the median, by order statistics: of n values in order those at n/2 +- 0.98 sqrt(n), so that nothing is
/// presumed of their distribution; of fewer than 6 the smallest and the largest. Precondition: `sorted`
/// ascends and is not empty.
Interval of_median(std::span<const double> sorted);
/// The median of values in any order, with that interval. Precondition: not empty.
Fitted median_of(std::vector<double> values);

/// Of the mean of what was measured in this order, by the bootstrap of 20 blocks (Kunsch 1989), since
/// neighbours may be alike. Drawn from the seed alone. Precondition: not empty.
Interval of_mean(std::span<const double> in_order, std::uint64_t seed);

/// How often a bootstrap draws.
inline constexpr std::size_t resamples = 200;

}  // namespace lockstep::calibration
