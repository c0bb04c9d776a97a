#include "option/values.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/lists.hpp"

namespace lockstep::option {
namespace {

using base::InputError;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    return std::ranges::equal(a, b, {}, lower, lower);
}

using ParseReal = double (*)(std::string_view subject, std::string_view text, double high,
                             std::string_view allowed);

/// From 0 to `high`.
double parse_real(std::string_view subject, std::string_view text, double high, std::string_view allowed) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc{} || rest != end || !std::isfinite(value) || std::signbit(value) || value > high)
        throw InputError(subject, text, allowed);
    return value;
}

Value<double> real(const std::string& allowed, double high, ParseReal parse) {
    return {.placeholder = "NUMBER",
            .allowed = allowed,
            .choices = {},
            .read = [=](std::string_view subject,
                        std::string_view text) { return parse(subject, text, high, allowed); },
            .write = [](const double& value) { return fmt::format("{}", value); },
            .number = as_number<double>()};
}

/// The same with one word more, which `allowed` names already, for the unset optional.
template <typename T>
Value<std::optional<T>> or_unset(const Value<T>& value, std::string_view word) {
    const std::string unset(word);
    return {
        .placeholder = value.placeholder,
        .allowed = value.allowed,
        .choices = {},
        .read =
            [=, read = value.read](std::string_view subject, std::string_view text) {
                return text == unset ? std::nullopt : std::optional<T>(read(subject, text));
            },
        .write = [=, write = value.write](const std::optional<T>& one) { return one ? write(*one) : unset; },
        .number = as_number<std::optional<T>>()};
}

Value<std::optional<double>> real_or_none(const std::string& allowed, double high, ParseReal parse) {
    return or_unset(real(allowed + ", or none", high, parse), "none");
}

Value<std::uint64_t> whole(WholeRange range, const std::string& allowed) {
    return {.placeholder = "N",
            .allowed = allowed,
            .choices = {},
            .read = [=](std::string_view subject,
                        std::string_view text) { return parse_whole(subject, text, range, allowed); },
            .write = [](const std::uint64_t& value) { return std::to_string(value); },
            .number = as_number<std::uint64_t>()};
}

}  // namespace

std::string describe(WholeRange range) {
    return range.high == std::numeric_limits<std::uint64_t>::max()
               ? fmt::format("a whole number from {} to 2^64 - 1", range.low)
               : fmt::format("a whole number from {} to {}", range.low, range.high);
}

std::uint64_t parse_whole(std::string_view subject, std::string_view text, WholeRange range,
                          std::string_view allowed) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc{} || rest != end || value < range.low || value > range.high)
        throw InputError(subject, text, allowed);
    return value;
}

Value<std::uint64_t> whole(WholeRange range) {
    return whole(range, describe(range));
}

Value<std::optional<std::uint64_t>> whole_or(std::string_view unset, WholeRange range) {
    return or_unset(whole(range, fmt::format("{}, or {}", describe(range), unset)), unset);
}

Value<std::vector<std::size_t>> whole_list(WholeRange range) {
    const std::string allowed =
        fmt::format("nothing, or whole numbers from {} to {} with commas between", range.low, range.high);
    return {.placeholder = "N,N,...",
            .allowed = allowed,
            .choices = {},
            .read =
                [=](std::string_view subject, std::string_view text) {
                    std::vector<std::size_t> values;
                    try {
                        for (const auto part : split_list(text))
                            values.push_back(parse_whole(subject, part, range, allowed));
                    } catch (const InputError&) {
                        throw InputError(subject, text, allowed, "write for example 128,64");
                    }
                    return values;
                },
            .write =
                [](const std::vector<std::size_t>& values) {
                    std::vector<std::string> parts;
                    parts.reserve(values.size());
                    for (const std::size_t value : values) parts.push_back(std::to_string(value));
                    return joined(parts, ",");
                },
            .is_list = true};
}

double parse_positive_real(std::string_view subject, std::string_view text, double high,
                           std::string_view allowed) {
    const double value = parse_real(subject, text, high, allowed);
    if (value <= 0) throw InputError(subject, text, allowed);
    return value;
}

Value<double> positive_real(double high) {
    return real(std::isfinite(high) ? fmt::format("a number above 0 and at most {}", high)
                                    : std::string("a number above 0"),
                high, parse_positive_real);
}

Value<std::optional<double>> positive_real_or_none(double high) {
    return real_or_none(fmt::format("a number above 0 and at most {}", high), high, parse_positive_real);
}

Value<double> non_negative_real() {
    return real("a number from 0", std::numeric_limits<double>::infinity(), parse_real);
}

Value<std::optional<double>> non_negative_real_or_none(double high) {
    return real_or_none(fmt::format("a number from 0 to {}", high), high, parse_real);
}

Value<double> real_between(double low, double high) {
    const std::string allowed = fmt::format("a number from {} to {}", low, high);
    Value<double> value = real(allowed, high, parse_real);
    value.read = [=, read = value.read](std::string_view subject, std::string_view text) {
        const double number = read(subject, text);
        if (number < low) throw InputError(subject, text, allowed);
        return number;
    };
    return value;
}

Value<double> proper_fraction() {
    return real("a number from 0, below 1", std::nextafter(1.0, 0.0), parse_real);
}

Value<base::Distribution> distribution() {
    return {.placeholder = "DISTRIBUTION",
            .allowed = std::string(base::Distribution::allowed()),
            .choices = {},
            .read = base::Distribution::parse,
            .write = [](const base::Distribution& one) { return one.text(); },
            .is_list = true};
}

Value<std::string> factor() {
    const std::string allowed =
        "nothing, a number between 1e-9 and 1e9, or BYTES:FACTOR;BYTES:FACTOR;... with growing sizes of "
        "messages";
    const auto read = [=](std::string_view subject, std::string_view text) {
        std::uint64_t smallest = 0;
        for (const auto part : split_list(text, ';')) {
            const std::size_t colon = part.find(':');
            const bool is_plain = colon == std::string_view::npos && part.size() == text.size();
            const auto refuse_otherwise = [&](bool holds) {
                if (!holds) throw InputError(subject, text, allowed, "write for example 0:1.5;65536:1.1");
            };
            refuse_otherwise(is_plain || colon != std::string_view::npos);
            if (!is_plain) {
                const auto size = parse_whole(subject, part.substr(0, colon), {smallest}, allowed);
                smallest = size + 1;
            }
            const double value =
                parse_positive_real(subject, is_plain ? part : part.substr(colon + 1), 1e9, allowed);
            refuse_otherwise(value >= 1e-9);
        }
        return std::string(text);
    };
    return {.placeholder = "FACTOR",
            .allowed = allowed,
            .choices = {},
            .read = read,
            .write = [](const std::string& one) { return one; }};
}

Value<std::string> text(std::string placeholder, std::string allowed, Empty empty) {
    const auto read = [=](std::string_view subject, std::string_view given) {
        if (given.empty() && empty == Empty::refused) throw InputError(subject, given, allowed);
        return std::string(given);
    };
    return {.placeholder = std::move(placeholder),
            .allowed = std::move(allowed),
            .choices = {},
            .read = read,
            .write = [](const std::string& one) { return one; }};
}

Value<std::string> one_of(const std::vector<std::string>& names) {
    const std::string allowed = joined(names, ", ");
    const auto read = [=](std::string_view subject, std::string_view given) {
        for (const std::string& name : names)
            if (equal_ignoring_case(name, given)) return name;
        throw InputError(subject, given, allowed);
    };
    return {.placeholder = "NAME",
            .allowed = allowed,
            .choices = names,
            .read = read,
            .write = [](const std::string& one) { return one; }};
}

}  // namespace lockstep::option
