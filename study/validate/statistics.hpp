#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace lockstep::study {

/// Several values of one figure. With few of them the quartiles say little; NaN where there is no value.
struct FiveNumbers {
    std::size_t count = 0;
    double median = std::numeric_limits<double>::quiet_NaN();
    double lower_quartile = std::numeric_limits<double>::quiet_NaN();
    double upper_quartile = std::numeric_limits<double>::quiet_NaN();
    double least = std::numeric_limits<double>::quiet_NaN();
    double most = std::numeric_limits<double>::quiet_NaN();

    double range() const { return most - least; }
};

/// NaN where a value is not finite.
FiveNumbers five_numbers(std::vector<double> values);

/// 100 (simulated - measured) / measured: above 0 where the simulation takes too long. 0 where both are
/// equal, infinite where only `measured` is 0.
double error_percent(double simulated, double measured);

/// The mean of the errors of each measured value against the simulated one at the same place: what remains
/// when scatter averages out. As many of both.
double bias_percent(std::span<const double> simulated, std::span<const double> measured);

/// What lies between two values, both included.
struct Interval {
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();

    bool holds(double value) const { return low <= value && value <= high; }
    double half_width() const { return (high - low) / 2; }
    /// From the nearest of its values to the nearest of the other's; 0 where they have one in common, NaN
    /// where there are none.
    double distance(const Interval& other) const;
};

/// Where the median lies of what the values are drawn from, whatever its distribution: from the k-th least to
/// the k-th largest of them, with the largest k for which that is so with a probability of 93 % or more (the
/// sign test). Up to eight values that is their range, which holds it with 1 - 2^(1 - n): of five with 93.75
/// %, of fewer with less. NaN where there is no value or one is not finite.
Interval median_interval(std::vector<double> values);

/// The probability with which median_interval() of so many values holds the median, in per cent: 0 of one,
/// 50, 75 and 87.5 of two to four, 93 or more of others.
double median_interval_level_percent(std::size_t count);

/// Half of median_interval() in per cent of the values' median: how well they know it. Unset where there are
/// fewer than two, or one is not finite; infinite where the median alone is 0.
std::optional<double> noise_percent(const std::vector<double>& values);

/// The least difference of two shares of `samples` trials that means something: the half width of the 95 %
/// confidence interval of the difference of two binomial proportions around `share`, at least one sample.
/// Example: 0.9 of 1000 samples: 0.026.
double resolution_of_share(double share, std::size_t samples);

}  // namespace lockstep::study
