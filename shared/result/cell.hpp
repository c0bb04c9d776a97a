#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "result/fields.hpp"

namespace lockstep::result {

/// The text of a CSV cell, the same in every table: numbers read back to the same value, what there is not is
/// empty, a target that was not reached is `never`.
inline std::string cell(double number) {
    return std::isfinite(number) ? fmt::format("{}", number) : std::string();
}
inline std::string cell(Outcome outcome) {
    return std::string(name(outcome));
}
inline std::string cell(const AtTarget& figure) {
    return figure.value == AtTarget::never ? std::string(never) : cell(figure.value);
}
template <typename Value>
std::string cell(const std::optional<Value>& value) {
    return value ? fmt::format("{}", *value) : std::string();
}
template <typename Value>
std::string cell(const Value& value) {
    return fmt::format("{}", value);
}

/// Text as a cell, in quotes where it needs them (RFC 4180).
std::string quoted_cell(std::string_view text);

}  // namespace lockstep::result
