#include "study/sweep/key_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::study {
namespace {

/// In base units; NaN where it is no number.
double number_of(const scenario::Option& option, const std::string& text) {
    scenario::Config config;
    try {
        option.kind.set(config, option.key, text);
    } catch (const base::InputError&) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    return option.kind.number->get(config);
}

/// The number that a user would write: 464.1 where a quotient is 464.09999999999997.
double as_written(double quotient) {
    return std::stod(fmt::format("{:.{}g}", quotient, std::numeric_limits<double>::digits10));
}

}  // namespace

std::string KeyNumbers::title(std::string_view key) const {
    return unit.empty() ? std::string(key) : fmt::format("{} ({})", key, unit);
}

std::optional<KeyNumbers> key_numbers(std::string_view key, std::span<const std::string> values) {
    const scenario::Option* const option = scenario::find_option(key);
    if (option == nullptr || !option->kind.number || values.empty()) return std::nullopt;
    KeyNumbers found;
    for (const std::string& value : values) {
        found.numbers.push_back(number_of(*option, value));
        if (!std::isfinite(found.numbers.back())) return std::nullopt;
    }
    const auto [low, high] = std::ranges::minmax_element(found.numbers);
    const auto text_at = [&](auto place) {
        return values[static_cast<std::size_t>(place - found.numbers.begin())];
    };
    found.unit = scenario::unit_of_range(option->kind, text_at(low), text_at(high));
    const double size = scenario::size_of_unit(option->kind, found.unit);
    for (double& number : found.numbers) number = as_written(number / size);
    return found;
}

}  // namespace lockstep::study
