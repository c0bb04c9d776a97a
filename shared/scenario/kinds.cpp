#include "scenario/kinds.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/units.hpp"

namespace lockstep::scenario {
namespace {

using base::InputError;

template <typename Text>
std::string joined(const std::vector<Text>& parts, std::string_view separator) {
    std::string text;
    for (const Text& part : parts) {
        if (&part != &parts.front()) text += separator;
        text += part;
    }
    return text;
}

struct QuantityTraits {
    double (*parse)(std::string_view option, std::string_view text);
    std::string_view placeholder;
    std::string_view noun;
    std::string_view nouns;
    std::string_view example;
    std::string_view base_unit;
    std::vector<std::string_view> units;
};

const QuantityTraits& quantity_traits(Quantity quantity) {
    using Units = std::vector<std::string_view>;
    static const std::vector<QuantityTraits> table{
        {base::parse_time_s, "TIME", "a time", "times", "50us", "s",
         Units{"ns", "us", "ms", "s", "min", "h"}},
        {base::parse_bandwidth_Bps, "BANDWIDTH", "a bandwidth", "bandwidths", "1Gbps", "Bps",
         Units{"bps", "kbps", "Mbps", "Gbps", "Bps", "kBps", "MBps", "GBps"}},
        {base::parse_speed_flops, "SPEED", "a speed", "speeds", "5Gf", "f",
         Units{"f", "kf", "Mf", "Gf", "Tf"}},
        {base::parse_size_B, "SIZE", "a size", "sizes", "64KiB", "B",
         Units{"B", "kB", "MB", "GB", "KiB", "MiB", "GiB"}},
        {base::parse_power_W, "POWER", "a power", "powers", "100W", "W", Units{"mW", "W", "kW", "MW"}},
        {base::parse_count, "COUNT", "a number", "numbers", "25.6M", "", Units{"", "k", "M", "G", "T"}},
    };
    return table[static_cast<std::size_t>(quantity)];
}

std::string described(Quantity quantity, QuantityRange range) {
    const QuantityTraits& traits = quantity_traits(quantity);
    const bool is_plain = traits.base_unit.empty();
    return fmt::format("{} from {} to {} with {} ({})", traits.noun, range.low, range.high,
                       is_plain ? "or without a prefix" : "its unit",
                       joined(traits.units, ", ").substr(is_plain ? 2 : 0));
}

}  // namespace

double parse_quantity(std::string_view subject, std::string_view text, Quantity quantity,
                      QuantityRange range) {
    const QuantityTraits& traits = quantity_traits(quantity);
    const double value = traits.parse(subject, text);
    if (value < traits.parse(subject, range.low) || value > traits.parse(subject, range.high))
        throw InputError(subject, text, described(quantity, range),
                         fmt::format("write for example {}", traits.example));
    return value;
}

std::vector<std::string_view> split_list(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t comma = text.find(separator);
        parts.push_back(text.substr(0, comma));
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
        if (text.empty()) parts.emplace_back();  // a trailing comma is an empty, hence malformed, part
    }
    return parts;
}

namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    return std::ranges::equal(a, b, {}, lower, lower);
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
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc{} || rest != end || !std::isfinite(value) || value <= 0 || value > high)
        throw InputError(subject, text, allowed);
    return value;
}

Kind positive_real(double Config::*member, double high) {
    const std::string allowed =
        std::isfinite(high) ? fmt::format("a number above 0 and at most {}", high) : "a number above 0";
    return {"NUMBER",
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                config.*member = parse_positive_real(subject, text, high, allowed);
            },
            [=](const Config& config) { return fmt::format("{}", config.*member); },
            false,
            false,
            number_of(member)};
}

Kind positive_real_or_none(std::optional<double> Config::*member, double high) {
    const std::string allowed = fmt::format("a number above 0 and at most {}, or none", high);
    return {"NUMBER",
            allowed,
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                config.*member = std::nullopt;
                if (text != "none") config.*member = parse_positive_real(subject, text, high, allowed);
            },
            [=](const Config& config) {
                return (config.*member).has_value() ? fmt::format("{}", *(config.*member)) : "none";
            },
            false,
            false,
            number_of(member)};
}

namespace {

template <typename Value>
Number quantity_number(Value Config::*member, Quantity quantity) {
    Number number = number_of(member);
    number.text = [=](double value) { return readable_quantity(quantity, value); };
    return number;
}

}  // namespace

Kind quantity(double Config::*member, Quantity quantity, QuantityRange range) {
    return {std::string(quantity_traits(quantity).placeholder),
            described(quantity, range),
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                config.*member = parse_quantity(subject, text, quantity, range);
            },
            [=](const Config& config) { return render_quantity(quantity, config.*member); },
            false,
            false,
            quantity_number(member, quantity)};
}

Kind quantity_or_none(std::optional<double> Config::*member, Quantity quantity, QuantityRange range) {
    return {std::string(quantity_traits(quantity).placeholder),
            described(quantity, range) + ", or none",
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                config.*member = std::nullopt;
                if (text != "none") config.*member = parse_quantity(subject, text, quantity, range);
            },
            [=](const Config& config) {
                return (config.*member).has_value() ? render_quantity(quantity, *(config.*member)) : "none";
            },
            false,
            false,
            quantity_number(member, quantity)};
}

Kind quantity_list(std::vector<double> Config::*member, Quantity quantity, QuantityRange range) {
    const QuantityTraits& traits = quantity_traits(quantity);
    return {fmt::format("{0},{0},...", traits.placeholder),
            fmt::format("nothing, or {} from {} to {} with their units and commas between", traits.nouns,
                        range.low, range.high),
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                std::vector<double> values;
                for (const auto part : split_list(text))
                    values.push_back(parse_quantity(subject, part, quantity, range));
                config.*member = std::move(values);
            },
            [=](const Config& config) {
                std::vector<std::string> parts;
                for (const double value : config.*member) parts.push_back(render_quantity(quantity, value));
                return joined(parts, ",");
            },
            true};
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
        "nothing, a number above 0, or BYTES:FACTOR;BYTES:FACTOR;... with growing sizes of messages";
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
                    parse_positive_real(subject, is_plain ? part : part.substr(colon + 1),
                                        std::numeric_limits<double>::infinity(), allowed);
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

namespace {

/// The shortest of the texts, one a unit, whose number `fits` and that parse back to the value; `otherwise`
/// where it is at least as short or no unit fits.
std::string shortest_text(Quantity quantity, double value, std::string otherwise,
                          bool (*fits)(double number)) {
    const QuantityTraits& traits = quantity_traits(quantity);
    std::string shortest = std::move(otherwise);
    if (!std::isfinite(value) || value <= 0) return shortest;
    for (const std::string_view unit : traits.units) {
        const double number = value / traits.parse("", fmt::format("1{}", unit));
        const std::string candidate = fmt::format("{:.15g}{}", number, unit);  // the quotient is rounded
        if (std::isfinite(number) && fits(number) &&
            (shortest.empty() || candidate.size() < shortest.size()) && traits.parse("", candidate) == value)
            shortest = candidate;
    }
    return shortest;
}

}  // namespace

std::string render_quantity(Quantity quantity, double value) {
    return shortest_text(quantity, value, fmt::format("{}{}", value, quantity_traits(quantity).base_unit),
                         [](double) { return true; });
}

std::string readable_quantity(Quantity quantity, double value) {
    const std::string text =
        shortest_text(quantity, value, "", [](double number) { return number >= 1 && number < 1000; });
    return text.empty() ? render_quantity(quantity, value) : text;
}

}  // namespace lockstep::scenario
