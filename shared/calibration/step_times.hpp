#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace lockstep::calibration {

/// The times of one rank's steps, in seconds, as a distribution.
struct StepTimes {
    std::size_t steps = 0;
    double mean_s = 0;
    double deviation_s = 0;
    double autocorrelation = 0;  ///< of a step's time and the next one's, from -1 to 1; 0 where all are equal
    std::vector<double> quantiles_s;  ///< at quantile_levels
};

/// Shares of the steps that took at most so long.
inline constexpr double quantile_levels[]{0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1};

/// Precondition: at least one.
StepTimes describe_steps(std::span<const double> times_s);

/// How the times of all ranks scatter, each relative to its rank's mean.
struct StepVariability {
    std::string empirical;      ///< for --variability: as measured; `none` where there is no scatter
    std::string shape;          ///< the nearest that has a formula, with its parameter
    double shape_distance = 0;  ///< mean difference of quantiles, in shares of the mean (Wasserstein-1)
    double deviation = 0;       ///< standard deviation, in shares of the mean
};

/// `relative` holds times divided by their rank's mean, in any order. Precondition: at least one.
StepVariability fit_variability(std::vector<double> relative);

}  // namespace lockstep::calibration
