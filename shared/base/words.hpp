#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

namespace lockstep::base {

/// The parts of a line between blanks: spaces, tabs, and what else separates words in text from elsewhere.
inline std::vector<std::string_view> words_of(std::string_view line) {
    constexpr std::string_view blanks = " \t\r\v\f";
    std::vector<std::string_view> words;
    while (true) {
        line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
        if (line.empty()) return words;
        words.push_back(line.substr(0, line.find_first_of(blanks)));
        line.remove_prefix(words.back().size());
    }
}

/// The finite number that the text is, all of it; a sign is part of it.
inline std::optional<double> number_in(std::string_view text) {
    double value = 0;
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_all = problem == std::errc{} && rest == text.data() + text.size();
    if (!is_all || !std::isfinite(value)) return std::nullopt;
    return value;
}

/// The same where it is at least `lowest`.
inline std::optional<double> number_from(double lowest, std::string_view text) {
    const auto value = number_in(text);
    return value && *value >= lowest ? value : std::nullopt;
}

}  // namespace lockstep::base
