#include "study/fit/least_squares.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/QR>

namespace lockstep::study {
namespace {

using Eigen::Index;

/// Coefficients relative to what was observed, equation by equation.
Eigen::MatrixXd relative_coefficients(std::span<const Equation> equations) {
    const std::size_t unknowns = equations.empty() ? 0 : equations.front().coefficients.size();
    Eigen::MatrixXd all(static_cast<Index>(equations.size()), static_cast<Index>(unknowns));
    for (Index i = 0; i < all.rows(); ++i) {
        const Equation& equation = equations[static_cast<std::size_t>(i)];
        for (Index j = 0; j < all.cols(); ++j)
            all(i, j) = equation.coefficients[static_cast<std::size_t>(j)] / equation.observed;
    }
    return all;
}

/// The first column that depends on those before it, of columns of length 1 (or 0).
std::optional<std::size_t> first_dependent(const Eigen::MatrixXd& upper, Index equations) {
    constexpr double dependent = 1e-9;  // of a column's length
    for (Index j = 0; j < upper.cols(); ++j)
        if (j >= equations || !(std::abs(upper(j, j)) > dependent)) return static_cast<std::size_t>(j);
    return std::nullopt;
}

}  // namespace

double LeastSquares::deviation(std::span<const double> factors) const {
    const auto size = static_cast<Index>(factors.size());
    const Eigen::Map<const Eigen::VectorXd> weights(factors.data(), size);
    const Eigen::Map<const Eigen::MatrixXd> covariances(covariance.data(), size, size);
    return std::sqrt(std::max(weights.dot(covariances * weights), 0.0));
}

// Without pivots, so that the first unknown that is not told apart can be named.
LeastSquares solve_relative_least_squares(std::span<const Equation> equations) {
    Eigen::MatrixXd columns = relative_coefficients(equations);
    const Index size = columns.cols();
    const Eigen::VectorXd lengths =
        columns.colwise().norm().transpose().unaryExpr([](double length) { return length > 0 ? length : 1; });
    columns.array().rowwise() /= lengths.transpose().array();
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(columns);
    if (const auto unknown = first_dependent(qr.matrixQR(), columns.rows()))
        return {{}, {}, 0, equations.size(), unknown};

    const Eigen::VectorXd observed = Eigen::VectorXd::Ones(columns.rows());  // relative to themselves
    const Eigen::VectorXd scaled = qr.solve(observed);
    const Eigen::MatrixXd inverse = qr.matrixQR().topRows(size).triangularView<Eigen::Upper>().solve(
        Eigen::MatrixXd::Identity(size, size));
    const Eigen::VectorXd values = scaled.cwiseQuotient(lengths);
    const Eigen::MatrixXd root = lengths.cwiseInverse().asDiagonal() * inverse;
    const Eigen::MatrixXd covariance = root * root.transpose();
    LeastSquares found{{values.begin(), values.end()}, {}, 0, equations.size()};
    found.covariance.assign(covariance.data(), covariance.data() + covariance.size());
    found.residual_squares = (observed - columns * scaled).squaredNorm();
    return found;
}

}  // namespace lockstep::study
