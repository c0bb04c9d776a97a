#include "calibration/intervals.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "base/quantile.hpp"
#include "base/random.hpp"

namespace lockstep::calibration {
namespace {

constexpr double outside = 0.025;  // on either side
constexpr double half_width = 0.98;
constexpr std::size_t fewest_for_order = 6;
constexpr std::size_t most_blocks = 20;

double mean_of_block(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Fitted fitted(double value, const Interval& interval) {
    return {value, std::min(value, interval.lower), std::max(value, interval.upper), interval.samples};
}

Fitted inverse(double amount, const Fitted& figure) {
    return {amount / figure.value, amount / figure.upper, amount / figure.lower, figure.samples};
}

Fitted scaled(const Fitted& figure, double factor) {
    return {figure.value * factor, figure.lower * factor, figure.upper * factor, figure.samples};
}

Fitted sum(const Fitted& one, const Fitted& other) {
    const auto [fewer, more] = std::minmax(one.samples, other.samples);
    return {one.value + other.value, one.lower + other.lower, one.upper + other.upper,
            fewer > 0 ? fewer : more};
}

Interval middle_of(std::vector<double> values) {
    std::ranges::sort(values);
    return {base::quantile(values, outside), base::quantile(values, 1 - outside), values.size()};
}

Interval of_median(std::span<const double> sorted) {
    const auto count = static_cast<double>(sorted.size());
    if (sorted.size() < fewest_for_order) return {sorted.front(), sorted.back(), sorted.size()};
    const double below = std::floor(count / 2 - half_width * std::sqrt(count));
    const auto lower = static_cast<std::size_t>(std::max(below, 0.0));
    return {sorted[lower], sorted[sorted.size() - 1 - lower], sorted.size()};
}

Fitted median_of(std::vector<double> values) {
    std::ranges::sort(values);
    return fitted(values[values.size() / 2], of_median(values));
}

Interval of_mean(std::span<const double> in_order, std::uint64_t seed) {
    const std::size_t blocks = std::min(most_blocks, in_order.size());
    std::vector<double> means;
    for (std::size_t block = 0; block < blocks; ++block) {
        const std::size_t first = block * in_order.size() / blocks;
        const std::size_t last = (block + 1) * in_order.size() / blocks;
        means.push_back(mean_of_block(in_order.subspan(first, last - first)));
    }
    base::RandomStream stream(seed, base::Purpose::calibration_resampling);
    std::vector<double> drawn(resamples);
    for (double& mean : drawn) {
        double total = 0;
        for (std::size_t i = 0; i < blocks; ++i)
            total += means[stream.below(static_cast<std::uint32_t>(blocks))];
        mean = total / static_cast<double>(blocks);
    }
    Interval interval = middle_of(std::move(drawn));
    interval.samples = in_order.size();
    return interval;
}

}  // namespace lockstep::calibration
