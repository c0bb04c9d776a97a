#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "scenario/choices.hpp"
#include "scenario/config.hpp"

namespace lockstep::scenario {

/// A number with a unit of base/units.hpp.
enum class Quantity { time, bandwidth, speed, size, power, count };

/// The value of a key as a number in base units: seconds, bytes a second, flop/s. NaN where it is unset.
struct Number {
    bool is_whole;
    std::function<double(const Config&)> get;
    /// The number must be one that the kind allows, and a whole one where `is_whole`.
    std::function<void(Config&, double)> set;
    std::optional<Quantity> quantity = {};  ///< where it is written with a unit
};

/// How one member of Config is written and read. `get` renders the text that `set` reads back to the same
/// value.
struct Kind {
    std::string placeholder;           ///< stands for the value in help texts: `N`, `TIME`, `FILE`
    std::string allowed;               ///< for messages and help: `a whole number from 1 to 65536`
    std::vector<std::string> choices;  ///< every allowed value where these are names, else empty

    /// `subject` opens the message of the InputError that a value outside `allowed` throws: the option, or
    /// file, line and key.
    std::function<void(Config&, std::string_view subject, std::string_view text)> set;
    std::function<std::string(const Config&)> get;

    bool is_list = false;        ///< whether values may hold commas
    bool is_repeatable = false;  ///< whether the key may be given several times: values are joined by `;`
    std::optional<Number> number = {};  ///< where a value is one number
};

/// Whole numbers from `low` to `high`, both included.
struct WholeRange {
    std::uint64_t low = 0;
    std::uint64_t high = std::numeric_limits<std::uint64_t>::max();
};
inline constexpr WholeRange from_one{1, std::numeric_limits<std::uint32_t>::max()};

std::uint64_t parse_whole(std::string_view subject, std::string_view text, WholeRange range,
                          std::string_view allowed);
std::string describe(WholeRange range);

template <typename Value>
Number number_of(Value Config::*member) {
    return {std::is_integral_v<Value>,
            [=](const Config& config) { return static_cast<double>(config.*member); },
            [=](Config& config, double number) { config.*member = static_cast<Value>(number); }};
}
template <typename Value>
Number number_of(std::optional<Value> Config::*member) {
    return {std::is_integral_v<Value>,
            [=](const Config& config) {
                const std::optional<Value>& value = config.*member;
                return value ? static_cast<double>(*value) : std::numeric_limits<double>::quiet_NaN();
            },
            [=](Config& config, double number) { config.*member = static_cast<Value>(number); }};
}

template <typename Whole>
Kind whole(Whole Config::*member, WholeRange range) {
    const std::string allowed = describe(range);
    return {"N",
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                config.*member = static_cast<Whole>(parse_whole(subject, text, range, allowed));
            },
            [=](const Config& config) { return std::to_string(config.*member); },
            false,
            false,
            number_of(member)};
}

/// A whole number or `all`, which is the unset optional.
Kind whole_or_all(std::optional<std::size_t> Config::*member, WholeRange range);

/// Comma-separated whole numbers, or nothing.
Kind whole_list(std::vector<std::size_t> Config::*member, WholeRange range);

/// A whole number or `unset`, which is the unset optional.
Kind whole_or(std::string_view unset, std::optional<std::uint64_t> Config::*member);

/// A number above 0 and at most `high`.
Kind positive_real(double Config::*member, double high = std::numeric_limits<double>::infinity());
/// The same, or `none`.
Kind positive_real_or_none(std::optional<double> Config::*member, double high);
double parse_positive_real(std::string_view subject, std::string_view text, double high,
                           std::string_view allowed);

/// The same with 0.
Kind non_negative_real(double Config::*member);
/// From `low` to `high`, both included.
Kind real_between(double Config::*member, double low, double high);
/// From 0 on, and below 1.
Kind proper_fraction(double Config::*member);
Kind non_negative_real_or_none(std::optional<double> Config::*member, double high);

/// A whole number of steps from 1 on, or `epoch` or `once`.
Kind period(Period Config::*member);

/// Quantities from `low` to `high`, both included and with a unit, as a user would write them: 0s, 1h.
struct QuantityRange {
    std::string_view low;   ///< a literal: it must outlive the option table
    std::string_view high;  ///< likewise
};
Kind quantity(double Config::*member, Quantity quantity, QuantityRange range);
/// The same, or `none`.
Kind quantity_or_none(std::optional<double> Config::*member, Quantity quantity, QuantityRange range);
double parse_quantity(std::string_view subject, std::string_view text, Quantity quantity,
                      QuantityRange range);

/// Comma-separated quantities of `range`, or nothing.
Kind quantity_list(std::vector<double> Config::*member, Quantity quantity, QuantityRange range);

/// Comma-separated speeds of `range`, or as many multiples of a full speed, or nothing; `multiples` is empty
/// where `speeds` is not, and the other way round.
Kind speeds_or_multiples(std::vector<double> Config::*speeds, std::vector<double> Config::*multiples,
                         QuantityRange range);

Kind distribution(base::Distribution Config::*member);

/// A number above 0, or one for each size of messages from that on: `0:1.5;65536:1.1`, sizes in bytes,
/// growing.
Kind factor(std::string Config::*member);

enum class Empty { allowed, refused };
Kind text(std::string Config::*member, std::string placeholder, const std::string& allowed, Empty empty);

Kind choice(const std::vector<std::string>& names, const std::function<void(Config&, std::size_t index)>& set,
            std::function<std::string(const Config&)> get);

/// One of the names of choices.hpp, in upper or lower case.
template <typename Enum>
Kind choice(Enum Config::*member) {
    std::vector<std::string> names;
    for (const auto& entry : choices<Enum>()) names.emplace_back(entry.name);
    return choice(
        std::move(names),
        [=](Config& config, std::size_t index) { config.*member = choices<Enum>()[index].value; },
        [=](const Config& config) { return std::string(name(config.*member)); });
}

/// The shortest text, over all units, that parses back to exactly `value`: 50e-6 s is `50us`, 1.25e8 B/s is
/// `1Gbps`.
std::string render_quantity(Quantity quantity, double value);

/// The unit for all values from `low` to `high`, as a user wrote these: that of `low`, or of `high` where
/// `low` is 0. Empty where they are no quantities, or counts without a prefix.
std::string_view unit_of_range(const Kind& kind, std::string_view low, std::string_view high);

/// How large a unit of quantities of this kind is, in base units; 1 where it has none of that name.
double size_of_unit(const Kind& kind, std::string_view unit);

/// The value of a key that has numbers, to `digits` significant digits in a unit of it, which is what to set
/// where the text is to say what is used: 58019949.1 B/s is to 6 digits `464.16Mbps`. Keys without units:
/// as their kind renders them, all digits.
std::string text_in_unit(const Kind& kind, const Config& config, std::string_view unit, int digits);

/// What a user wrote, with its unit, without needless digits: `01.50ms` is `1.5ms`. What is no quantity: as
/// the kind renders it.
std::string text_as_given(const Kind& kind, const Config& config, std::string_view given);

}  // namespace lockstep::scenario
