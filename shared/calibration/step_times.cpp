#include "calibration/step_times.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include <fmt/format.h>

#include "base/distribution.hpp"
#include "base/quantile.hpp"

namespace lockstep::calibration {
namespace {

constexpr double no_scatter = 1e-9;    // of a rounded clock, in shares of the mean
constexpr std::size_t most_bins = 40;  // of the empirical distribution
constexpr std::size_t least_in_bin = 5;

double mean_of(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation_of(std::span<const double> values) {
    const double mean = mean_of(values);
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

/// The means of equally many values each, so that the mean of all is kept, tails included.
std::string empirical_text(std::span<const double> sorted) {
    const std::size_t bins = std::clamp<std::size_t>(sorted.size() / least_in_bin, 2, most_bins);
    if (sorted.size() < bins) return "none";
    std::vector<double> means;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        const std::size_t first = bin * sorted.size() / bins;
        const std::size_t last = (bin + 1) * sorted.size() / bins;
        means.push_back(mean_of(sorted.subspan(first, last - first)));
    }
    const double mean = mean_of(means);  // nearly 1: bins differ by a value in size
    std::string text = "empirical:";
    for (const double value : means)
        text += fmt::format("{}{:.8g}", text.ends_with(':') ? "" : ",", value / mean);
    return text;
}

double distance(std::span<const double> sorted, const base::Distribution& shape) {
    double sum = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const double level = (static_cast<double>(i) + 0.5) / static_cast<double>(sorted.size());
        sum += std::abs(sorted[i] - shape.quantile(level));
    }
    return sum / static_cast<double>(sorted.size());
}

/// The shapes of --variability that one number describes, of that standard deviation.
std::vector<std::string> candidates(double deviation) {
    std::vector<std::string> texts{fmt::format("lognormal:{:.4g}", deviation)};
    if (deviation < 1 / std::sqrt(3.0))
        texts.push_back(fmt::format("uniform:{:.4g}", deviation * std::sqrt(3.0)));
    if (deviation <= 1) texts.push_back(fmt::format("shifted-exponential:{:.4g}", deviation));
    // Of P(X > x) = (m / x)^a with mean 1: variance 1 / (a (a - 2)).
    texts.push_back(fmt::format("pareto:{:.4g}", 1 + std::sqrt(1 + 1 / (deviation * deviation))));
    return texts;
}

}  // namespace

StepTimes describe_steps(std::span<const double> times_s) {
    StepTimes result{times_s.size(), mean_of(times_s), deviation_of(times_s), 0, {}};
    double products = 0;
    for (std::size_t i = 1; i < times_s.size(); ++i)
        products += (times_s[i] - result.mean_s) * (times_s[i - 1] - result.mean_s);
    const double squares = result.deviation_s * result.deviation_s * static_cast<double>(times_s.size());
    if (result.deviation_s > no_scatter * result.mean_s) result.autocorrelation = products / squares;
    std::vector<double> sorted(times_s.begin(), times_s.end());
    std::ranges::sort(sorted);
    for (const double level : quantile_levels) result.quantiles_s.push_back(base::quantile(sorted, level));
    return result;
}

StepVariability fit_variability(std::vector<double> relative) {
    std::ranges::sort(relative);
    StepVariability result{"none", "none", 0, deviation_of(relative)};
    if (result.deviation <= no_scatter) return result;
    result.empirical = empirical_text(relative);
    for (const std::string& text : candidates(result.deviation)) {
        base::Distribution shape;
        try {
            shape = base::Distribution::parse("--variability", text);
        } catch (const std::exception&) {
            continue;  // outside what the shape allows
        }
        const double far = distance(relative, shape);
        if (result.shape != "none" && far >= result.shape_distance) continue;
        result.shape = text;
        result.shape_distance = far;
    }
    return result;
}

}  // namespace lockstep::calibration
