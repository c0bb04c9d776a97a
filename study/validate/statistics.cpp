#include "study/validate/statistics.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>

#include "base/quantile.hpp"

namespace lockstep::study {

FiveNumbers five_numbers(std::vector<double> values) {
    FiveNumbers result;
    result.count = values.size();
    if (values.empty() || !std::ranges::all_of(values, [](double value) { return std::isfinite(value); }))
        return result;
    std::ranges::sort(values);
    result.median = base::quantile(values, 0.5);
    result.lower_quartile = base::quantile(values, 0.25);
    result.upper_quartile = base::quantile(values, 0.75);
    result.least = values.front();
    result.most = values.back();
    return result;
}

double error_percent(double simulated, double measured) {
    return simulated == measured ? 0 : 100 * (simulated - measured) / std::abs(measured);
}

double bias_percent(std::span<const double> simulated, std::span<const double> measured) {
    assert(simulated.size() == measured.size());
    double sum = 0;
    for (std::size_t i = 0; i < measured.size(); ++i) sum += error_percent(simulated[i], measured[i]);
    return sum / static_cast<double>(measured.size());
}

std::optional<double> noise_percent(const std::vector<double>& values) {
    const FiveNumbers spread = five_numbers(values);
    if (spread.count < 2 || std::isnan(spread.median)) return {};
    return spread.range() == 0 ? 0 : 100 * spread.range() / 2 / std::abs(spread.median);
}

Interval median_interval(std::vector<double> values) {
    constexpr double enough = 0.93;
    if (values.empty() || !std::ranges::all_of(values, [](double value) { return std::isfinite(value); }))
        return {};
    std::ranges::sort(values);
    const boost::math::binomial_distribution<> below(static_cast<double>(values.size()), 0.5);
    std::size_t left_out = 0;  // at either end
    while (2 * left_out + 2 < values.size() &&
           1 - 2 * boost::math::cdf(below, static_cast<double>(left_out + 1)) >= enough)
        ++left_out;
    return {values[left_out], values[values.size() - 1 - left_out]};
}

double resolution_of_share(double share, std::size_t samples) {
    constexpr double of_95_percent = 1.96;
    const auto count = static_cast<double>(samples);
    return std::max(1 / count, of_95_percent * std::sqrt(2 * share * (1 - share) / count));
}

}  // namespace lockstep::study
