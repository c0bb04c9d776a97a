#include "study/validate/statistics.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>

#include "base/quantile.hpp"

namespace lockstep::study {
namespace {

/// That the median lies between what is left when so many of the values are taken away at either end.
double level_without(std::size_t left_out, std::size_t count) {
    const boost::math::binomial_distribution<> below(static_cast<double>(count), 0.5);
    return 1 - 2 * boost::math::cdf(below, static_cast<double>(left_out));
}

std::size_t left_out_at_either_end(std::size_t count) {
    constexpr double enough = 0.93;
    std::size_t left_out = 0;
    while (2 * left_out + 2 < count && level_without(left_out + 1, count) >= enough) ++left_out;
    return left_out;
}

}  // namespace

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

double Interval::distance(const Interval& other) const {
    const double gap = std::max(other.low - high, low - other.high);
    return gap <= 0 ? 0 : gap;
}

Interval median_interval(std::vector<double> values) {
    if (values.empty() || !std::ranges::all_of(values, [](double value) { return std::isfinite(value); }))
        return {};
    std::ranges::sort(values);
    const std::size_t left_out = left_out_at_either_end(values.size());
    return {values[left_out], values[values.size() - 1 - left_out]};
}

double median_interval_level_percent(std::size_t count) {
    return count == 0 ? 0 : 100 * level_without(left_out_at_either_end(count), count);
}

std::optional<double> noise_percent(const std::vector<double>& values) {
    const FiveNumbers spread = five_numbers(values);
    if (spread.count < 2 || std::isnan(spread.median)) return {};
    const double half_width = median_interval(values).half_width();
    return half_width == 0 ? 0 : 100 * half_width / std::abs(spread.median);
}

double resolution_of_share(double share, std::size_t samples) {
    constexpr double of_95_percent = 1.96;
    const auto count = static_cast<double>(samples);
    return std::max(1 / count, of_95_percent * std::sqrt(2 * share * (1 - share) / count));
}

}  // namespace lockstep::study
