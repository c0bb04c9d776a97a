#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace lockstep::sim {

/// The finite number that the text is, all of it; a sign is part of it.
inline std::optional<double> number_in(std::string_view text) {
    double value = 0;
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_all = problem == std::errc{} && rest == text.data() + text.size();
    if (!is_all || !std::isfinite(value)) return std::nullopt;
    return value;
}

/// The same where it is at least 0, or `lowest`.
inline std::optional<double> number_from(double lowest, std::string_view text) {
    const auto value = number_in(text);
    return value && *value >= lowest ? value : std::nullopt;
}

}  // namespace lockstep::sim
