#include "base/distribution.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <numeric>

#include <boost/math/special_functions/erf.hpp>
#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::base {
namespace {

constexpr std::string_view all_allowed =
    "none, uniform:SPREAD (0 to below 1), lognormal:CV (0 to 100), shifted-exponential:SHARE (0 to 1), "
    "pareto:SHAPE (above 1), two-point:PROB,FACTOR (FACTOR between 1e-6 and 1e6) or empirical:A,B,... (2 to "
    "1000 such "
    "factors, ascending)";

constexpr double least_factor = 1e-6;
constexpr double most_factor = 1e6;

struct ShapeTraits {
    Distribution::Shape shape;
    std::string_view name;
    bool (*accepts)(double first);
};

constexpr std::string_view empirical_name = "empirical:";

constexpr std::array<ShapeTraits, 5> shapes{{
    {Distribution::Shape::uniform, "uniform", [](double spread) { return spread >= 0 && spread < 1; }},
    {Distribution::Shape::lognormal, "lognormal", [](double cv) { return cv >= 0 && cv <= 100; }},
    {Distribution::Shape::shifted_exponential, "shifted-exponential",
     [](double part) { return part >= 0 && part <= 1; }},
    {Distribution::Shape::pareto, "pareto", [](double shape) { return shape > 1 && shape <= 1000; }},
    {Distribution::Shape::two_point, "two-point", [](double prob) { return prob >= 0 && prob <= 1; }},
}};

/// A finite number that is all of `text`; NaN for anything else.
double number_in(std::string_view text) {
    double value = 0;
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc{} && rest == text.data() + text.size() ? value : std::nan("");
}

/// Of a logarithm that is normal with mean -s^2/2 and variance s^2 = ln(1 + cv^2).
double lognormal_quantile(double u, double cv) {
    constexpr double smallest = 0x1p-33;  // half of the smallest draw above 0, in place of minus infinity
    const double sigma = std::sqrt(std::log1p(cv * cv));
    const double z = -boost::math::erfc_inv(2 * (u > 0 ? u : smallest)) * std::sqrt(2.0);
    return std::exp(sigma * z - sigma * sigma / 2);
}

}  // namespace

std::string_view Distribution::allowed() {
    return all_allowed;
}

/// Nothing where they are not what `allowed` says.
std::vector<double> Distribution::empirical_values(std::string_view text) {
    std::vector<double> values;
    while (true) {
        const std::size_t comma = text.find(',');
        const double value = number_in(text.substr(0, comma));
        if (!(value >= least_factor && value <= most_factor)) return {};
        if (!values.empty() && value < values.back()) return {};
        values.push_back(value);
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    if (values.size() < 2 || values.size() > 1000) values.clear();
    return values;
}

Distribution Distribution::parse(std::string_view option, std::string_view text) {
    if (text == "none") return {};
    if (text.starts_with(empirical_name)) {
        Distribution distribution(Shape::empirical, 0, 0);
        distribution.values_ = empirical_values(text.substr(empirical_name.size()));
        if (!distribution.values_.empty()) return distribution;
    }
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    std::string_view parameters = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    for (const ShapeTraits& traits : shapes) {
        if (traits.name != name) continue;
        double second = 0;
        if (traits.shape == Shape::two_point) {
            const std::size_t comma = parameters.find(',');
            second = comma == std::string_view::npos ? std::nan("") : number_in(parameters.substr(comma + 1));
            parameters = parameters.substr(0, comma);
            if (!(second >= least_factor && second <= most_factor)) break;
        }
        const double first = number_in(parameters);
        if (!traits.accepts(first)) break;
        if (first == 0 && traits.shape != Shape::two_point) return {};  // no spread
        return {traits.shape, first, second};
    }
    throw InputError(option, text, all_allowed, "write for example lognormal:0.2 or two-point:0.05,10");
}

std::string Distribution::text() const {
    if (shape_ == Shape::empirical) {
        std::string text(empirical_name);
        for (const double value : values_) text += fmt::to_string(value) + ',';
        text.pop_back();
        return text;
    }
    for (const ShapeTraits& traits : shapes) {
        if (traits.shape != shape_) continue;
        return shape_ == Shape::two_point ? fmt::format("{}:{},{}", traits.name, first_, second_)
                                          : fmt::format("{}:{}", traits.name, first_);
    }
    return "none";
}

double Distribution::mean() const {
    if (shape_ == Shape::empirical)
        return std::accumulate(values_.begin(), values_.end(), 0.0) / static_cast<double>(values_.size());
    return shape_ == Shape::two_point ? 1 + first_ * (second_ - 1) : 1;
}

double Distribution::quantile(double u) const {
    switch (shape_) {
        case Shape::none:
            break;
        case Shape::uniform:
            return 1 + first_ * (2 * u - 1);
        case Shape::lognormal:
            return lognormal_quantile(u, first_);
        case Shape::shifted_exponential:
            return 1 - first_ - first_ * std::log1p(-u);
        case Shape::pareto:
            return (first_ - 1) / first_ * std::pow(1 - u, -1 / first_);
        case Shape::two_point:
            return u < 1 - first_ ? 1 : second_;
        case Shape::empirical:
            return values_[static_cast<std::size_t>(u * static_cast<double>(values_.size()))];
    }
    return 1;
}

}  // namespace lockstep::base
