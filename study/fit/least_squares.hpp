#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace lockstep::study {

/// sum of coefficients x unknowns = observed, which is above 0.
struct Equation {
    std::vector<double> coefficients;
    double observed = 0;
};

/// The unknowns for which the sum of squared relative residuals is least.
struct LeastSquares {
    std::vector<double> values;
    /// Of the values, row by row, where relative residuals have variance 1.
    std::vector<double> covariance;
    double residual_squares = 0;  ///< relative
    std::size_t equations = 0;
    /// The first unknown that is not told apart from those before it; nothing else is set then.
    std::optional<std::size_t> undetermined = {};

    /// The deviation of the sum of factors x values, likewise.
    double deviation(std::span<const double> factors) const;
};

/// By Householder's QR decomposition. Each equation has as many coefficients as the others.
/// Cost: equations x unknowns^2.
LeastSquares solve_relative_least_squares(std::span<const Equation> equations);

}  // namespace lockstep::study
