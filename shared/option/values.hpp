#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/distribution.hpp"
#include "base/one_of.hpp"
#include "option/kind.hpp"

namespace lockstep::option {

/// Whole numbers from `low` to `high`, both included.
struct WholeRange {
    std::uint64_t low = 0;
    std::uint64_t high = std::numeric_limits<std::uint64_t>::max();
};
inline constexpr WholeRange from_one{1, std::numeric_limits<std::uint32_t>::max()};
inline constexpr WholeRange any_count{0, std::numeric_limits<std::uint32_t>::max()};

std::uint64_t parse_whole(std::string_view subject, std::string_view text, WholeRange range,
                          std::string_view allowed);
std::string describe(WholeRange range);

/// A number above 0 and at most `high`.
double parse_positive_real(std::string_view subject, std::string_view text, double high,
                           std::string_view allowed);

/// `as<std::optional<...>>`: NaN is unset, which is never written back.
template <typename T>
typename Value<T>::AsNumber as_number() {
    if constexpr (std::is_arithmetic_v<T>)
        return {std::is_integral_v<T>, [](const T& value) { return static_cast<double>(value); },
                [](double number) { return static_cast<T>(number); }};
    else
        return {std::is_integral_v<typename T::value_type>,
                [](const T& value) {
                    return value ? static_cast<double>(*value) : std::numeric_limits<double>::quiet_NaN();
                },
                [](double number) { return T(static_cast<typename T::value_type>(number)); }};
}

Value<std::uint64_t> whole(WholeRange range);
/// A whole number or `unset`, which is the unset optional.
Value<std::optional<std::uint64_t>> whole_or(std::string_view unset, WholeRange range);
/// Comma-separated whole numbers, or nothing.
Value<std::vector<std::size_t>> whole_list(WholeRange range);

/// A number above 0 and at most `high`.
Value<double> positive_real(double high = std::numeric_limits<double>::infinity());
/// The same, or `none`.
Value<std::optional<double>> positive_real_or_none(double high);
/// The same with 0.
Value<double> non_negative_real();
Value<std::optional<double>> non_negative_real_or_none(double high);
/// From `low` to `high`, both included.
Value<double> real_between(double low, double high);
/// From 0 on, and below 1.
Value<double> proper_fraction();

Value<base::Distribution> distribution();

/// A number above 0, or one for each size of messages from that on: `0:1.5;65536:1.1`, sizes in bytes,
/// growing.
Value<std::string> factor();

enum class Empty { allowed, refused };
Value<std::string> text(std::string placeholder, std::string allowed, Empty empty);

/// One of these names, in upper or lower case.
Value<std::string> one_of(const std::vector<std::string>& names);

/// One of an enumeration, by names_of(), or one of a table.
template <typename T>
Value<T> choice() {
    std::vector<std::string> names;
    std::vector<T> values;
    if constexpr (std::is_enum_v<T>) {
        for (const auto& named : names_of(T{})) {
            names.emplace_back(named.name);
            values.push_back(named.value);
        }
    } else {
        values = T::all();
        for (const T& one : values) names.emplace_back(one.name());
    }
    const Value<std::string> one = one_of(names);
    const auto read = [=](std::string_view subject, std::string_view given) {
        const std::string found = one.read(subject, given);
        return values[static_cast<std::size_t>(std::ranges::find(names, found) - names.begin())];
    };
    return {one.placeholder, one.allowed, one.choices, read,
            [](const T& value) { return std::string(base::name(value)); }};
}

/// Of a member that is one.
template <typename Owner, typename T>
Kind<Owner> choice(T Owner::*member) {
    return {member, choice<T>()};
}

}  // namespace lockstep::option
