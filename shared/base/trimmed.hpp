#pragma once

#include <string_view>

namespace lockstep::base {

/// A line without the blanks around its text: spaces, tabs and the carriage return of a line from elsewhere.
constexpr std::string_view trimmed(std::string_view line) {
    constexpr std::string_view blanks = " \t\r";
    const std::size_t first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

}  // namespace lockstep::base
