#include "study/fit/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lockstep::study {
namespace {

using Column = std::vector<double>;

double dot(const Column& a, const Column& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void subtract(Column& from, double factor, const Column& what) {
    for (std::size_t i = 0; i < from.size(); ++i) from[i] -= factor * what[i];
}

/// The relative equations as columns of length 1, and what they were divided by.
struct Scaled {
    std::vector<Column> columns;
    Column lengths;
};

Scaled scaled_columns(std::span<const Equation> equations) {
    Scaled scaled;
    const std::size_t unknowns = equations.empty() ? 0 : equations.front().coefficients.size();
    for (std::size_t j = 0; j < unknowns; ++j) {
        Column column;
        for (const Equation& equation : equations)
            column.push_back(equation.coefficients[j] / equation.observed);
        const double length = std::sqrt(dot(column, column));
        for (double& value : column) value /= length > 0 ? length : 1;
        scaled.columns.push_back(std::move(column));
        scaled.lengths.push_back(length);
    }
    return scaled;
}

/// R of the upper triangle's inverse, column by column: R x = e_j.
std::vector<Column> inverse_of(const std::vector<Column>& upper) {
    const std::size_t size = upper.size();
    std::vector<Column> inverse(size, Column(size, 0));
    for (std::size_t j = 0; j < size; ++j)
        for (std::size_t i = j + 1; i-- > 0;) {
            double value = i == j ? 1 : 0;
            for (std::size_t k = i + 1; k <= j; ++k) value -= upper[i][k] * inverse[k][j];
            inverse[i][j] = value / upper[i][i];
        }
    return inverse;
}

}  // namespace

double LeastSquares::deviation(std::span<const double> factors) const {
    double variance = 0;
    for (std::size_t i = 0; i < factors.size(); ++i)
        for (std::size_t j = 0; j < factors.size(); ++j)
            variance += factors[i] * factors[j] * covariance[i * factors.size() + j];
    return std::sqrt(std::max(variance, 0.0));
}

LeastSquares solve_relative_least_squares(std::span<const Equation> equations) {
    constexpr double dependent = 1e-9;  // of a column's length
    Scaled scaled = scaled_columns(equations);
    std::vector<Column>& columns = scaled.columns;
    const std::size_t size = columns.size();
    std::vector<Column> upper(size, Column(size, 0));
    Column rest(equations.size(), 1);  // the observed values, relative to themselves
    Column projected;
    for (std::size_t j = 0; j < size; ++j) {
        for (std::size_t i = 0; i < j; ++i) {
            upper[i][j] = dot(columns[i], columns[j]);
            subtract(columns[j], upper[i][j], columns[i]);
        }
        upper[j][j] = std::sqrt(dot(columns[j], columns[j]));
        if (!(upper[j][j] > dependent)) return {{}, {}, 0, equations.size(), j};
        for (double& value : columns[j]) value /= upper[j][j];
        projected.push_back(dot(columns[j], rest));
        subtract(rest, projected.back(), columns[j]);
    }
    const std::vector<Column> inverse = inverse_of(upper);
    LeastSquares found{Column(size, 0), Column(size * size, 0), dot(rest, rest), equations.size()};
    for (std::size_t i = 0; i < size; ++i) {
        found.values[i] = dot(inverse[i], projected) / scaled.lengths[i];
        for (std::size_t j = 0; j < size; ++j)
            found.covariance[i * size + j] =
                dot(inverse[i], inverse[j]) / scaled.lengths[i] / scaled.lengths[j];
    }
    return found;
}

}  // namespace lockstep::study
