#include "scenario/options/kinds.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "scenario/options/lists.hpp"

namespace lockstep::scenario {
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

Kind real(double Config::*member, const std::string& allowed, double high, ParseReal parse) {
    return {"NUMBER",
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                config.*member = parse(subject, text, high, allowed);
            },
            [=](const Config& config) { return fmt::format("{}", config.*member); },
            false,
            false,
            number_of(member)};
}

Kind real_or_none(std::optional<double> Config::*member, const std::string& allowed, double high,
                  ParseReal parse) {
    return {"NUMBER",
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                config.*member = std::nullopt;
                if (text != "none") config.*member = parse(subject, text, high, allowed);
            },
            [=](const Config& config) {
                return (config.*member).has_value() ? fmt::format("{}", *(config.*member)) : "none";
            },
            false,
            false,
            number_of(member)};
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

Kind whole_or_all(std::optional<std::size_t> Config::*member, WholeRange range) {
    const std::string allowed = describe(range) + ", or all";
    return {"N",
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                if (text == "all")
                    config.*member = std::nullopt;
                else
                    config.*member = parse_whole(subject, text, range, allowed);
            },
            [=](const Config& config) {
                return (config.*member).has_value() ? std::to_string(*(config.*member)) : "all";
            },
            false,
            false,
            number_of(member)};
}

Kind whole_or(std::string_view unset, std::optional<std::uint64_t> Config::*member) {
    const std::string allowed = fmt::format("{}, or {}", describe(WholeRange{}), unset);
    const std::string word(unset);
    return {"N",
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                if (text == word)
                    config.*member = std::nullopt;
                else
                    config.*member = parse_whole(subject, text, {}, allowed);
            },
            [=](const Config& config) {
                return (config.*member).has_value() ? std::to_string(*(config.*member)) : word;
            }};
}

Kind whole_list(std::vector<std::size_t> Config::*member, WholeRange range) {
    const std::string allowed =
        fmt::format("nothing, or whole numbers from {} to {} with commas between", range.low, range.high);
    return {"N,N,...",
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                std::vector<std::size_t> values;
                try {
                    for (const auto part : split_list(text))
                        values.push_back(parse_whole(subject, part, range, allowed));
                } catch (const InputError&) {
                    throw InputError(subject, text, allowed, "write for example 128,64");
                }
                config.*member = std::move(values);
            },
            [=](const Config& config) {
                std::vector<std::string> parts;
                for (const std::size_t value : config.*member) parts.push_back(std::to_string(value));
                return joined(parts, ",");
            },
            true};
}

double parse_positive_real(std::string_view subject, std::string_view text, double high,
                           std::string_view allowed) {
    const double value = parse_real(subject, text, high, allowed);
    if (value <= 0) throw InputError(subject, text, allowed);
    return value;
}

Kind positive_real(double Config::*member, double high) {
    return real(member,
                std::isfinite(high) ? fmt::format("a number above 0 and at most {}", high)
                                    : std::string("a number above 0"),
                high, parse_positive_real);
}

Kind positive_real_or_none(std::optional<double> Config::*member, double high) {
    return real_or_none(member, fmt::format("a number above 0 and at most {}, or none", high), high,
                        parse_positive_real);
}

Kind non_negative_real(double Config::*member) {
    return real(member, "a number from 0", std::numeric_limits<double>::infinity(), parse_real);
}

Kind real_between(double Config::*member, double low, double high) {
    const std::string allowed = fmt::format("a number from {} to {}", low, high);
    Kind kind = real(member, allowed, high, parse_real);
    kind.set = [=](Config& config, std::string_view subject, std::string_view text) {
        const double value = parse_real(subject, text, high, allowed);
        if (value < low) throw InputError(subject, text, allowed);
        config.*member = value;
    };
    return kind;
}

Kind proper_fraction(double Config::*member) {
    return real(member, "a number from 0, below 1", std::nextafter(1.0, 0.0), parse_real);
}

Kind non_negative_real_or_none(std::optional<double> Config::*member, double high) {
    return real_or_none(member, fmt::format("a number from 0 to {}, or none", high), high, parse_real);
}

Kind period(Period Config::*member) {
    const WholeRange range{1, std::numeric_limits<std::uint32_t>::max()};
    const std::string allowed = describe(range) + ", epoch, or once";
    return {"STEPS",
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                Period value;
                if (text == "epoch")
                    value.unit = Period::Unit::epoch;
                else if (text == "once")
                    value.unit = Period::Unit::once;
                else
                    value.steps = parse_whole(subject, text, range, allowed);
                config.*member = value;
            },
            [=](const Config& config) -> std::string {
                const Period& value = config.*member;
                if (value.unit == Period::Unit::epoch) return "epoch";
                if (value.unit == Period::Unit::once) return "once";
                return std::to_string(value.steps);
            },
            false,
            false,
            Number{true,
                   [=](const Config& config) {
                       const Period& value = config.*member;
                       return value.unit == Period::Unit::steps ? static_cast<double>(value.steps)
                                                                : std::numeric_limits<double>::quiet_NaN();
                   },
                   [=](Config& config, double number) {
                       config.*member = Period{Period::Unit::steps, static_cast<std::size_t>(number)};
                   }}};
}

Kind distribution(base::Distribution Config::*member) {
    return {"DISTRIBUTION",
            std::string(base::Distribution::allowed()),
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                config.*member = base::Distribution::parse(subject, text);
            },
            [=](const Config& config) { return (config.*member).text(); },
            true};
}

Kind factor(std::string Config::*member) {
    const std::string allowed =
        "nothing, a number between 1e-9 and 1e9, or BYTES:FACTOR;BYTES:FACTOR;... with growing sizes of "
        "messages";
    return {"FACTOR",
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                std::uint64_t smallest = 0;
                for (const auto part : split_list(text, ';')) {
                    const std::size_t colon = part.find(':');
                    const bool is_plain = colon == std::string_view::npos && part.size() == text.size();
                    const auto refuse_otherwise = [&](bool holds) {
                        if (!holds)
                            throw InputError(subject, text, allowed, "write for example 0:1.5;65536:1.1");
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
                config.*member = text;
            },
            [=](const Config& config) { return config.*member; }};
}

Kind text(std::string Config::*member, std::string placeholder, const std::string& allowed, Empty empty) {
    return {std::move(placeholder),
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                if (text.empty() && empty == Empty::refused) throw InputError(subject, text, allowed);
                config.*member = text;
            },
            [=](const Config& config) { return config.*member; }};
}

Kind choice(const std::vector<std::string>& names, const std::function<void(Config&, std::size_t index)>& set,
            std::function<std::string(const Config&)> get) {
    const std::string allowed = joined(names, ", ");
    auto find_and_set = [=](Config& config, std::string_view subject, std::string_view text) {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (equal_ignoring_case(names[i], text)) return set(config, i);
        throw InputError(subject, text, allowed);
    };
    return {"NAME", allowed, names, std::move(find_and_set), std::move(get)};
}

}  // namespace lockstep::scenario
