#include "study/sweep/statistics.hpp"

#include <cmath>
#include <vector>

#include <boost/math/distributions/students_t.hpp>

namespace lockstep::study {

Estimate estimate(std::span<const double> numbers) {
    constexpr double outside = 0.05;
    std::vector<double> finite;
    for (const double number : numbers)
        if (std::isfinite(number)) finite.push_back(number);
    Estimate result;
    result.count = finite.size();
    if (finite.empty()) return result;
    const auto count = static_cast<double>(finite.size());
    double sum = 0;  // from the first one, so that equal numbers are exactly their mean
    for (const double number : finite) sum += number - finite.front();
    result.mean = finite.front() + sum / count;
    if (finite.size() < 2) return result;
    double squares = 0;
    for (const double number : finite) squares += (number - result.mean) * (number - result.mean);
    const boost::math::students_t distribution(count - 1);
    const double quantile = boost::math::quantile(boost::math::complement(distribution, outside / 2));
    result.half_width = quantile * std::sqrt(squares / (count - 1) / count);
    return result;
}

}  // namespace lockstep::study
