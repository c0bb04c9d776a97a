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
    std::string_view example;
    std::string_view base_unit;
    std::vector<std::string_view> units;
};

const QuantityTraits& quantity_traits(Quantity quantity) {
    static const QuantityTraits time{
        base::parse_time_s, "TIME", "a time", "50us", "s", {"ns", "us", "ms", "s", "min", "h"}};
    static const QuantityTraits bandwidth{base::parse_bandwidth_Bps,
                                          "BANDWIDTH",
                                          "a bandwidth",
                                          "1Gbps",
                                          "Bps",
                                          {"bps", "kbps", "Mbps", "Gbps", "Bps", "kBps", "MBps", "GBps"}};
    static const QuantityTraits speed{base::parse_speed_flops,      "SPEED", "a speed", "5Gf", "f",
                                      {"f", "kf", "Mf", "Gf", "Tf"}};
    static const QuantityTraits size{
        base::parse_size_B, "SIZE", "a size", "64KiB", "B", {"B", "kB", "MB", "GB", "KiB", "MiB", "GiB"}};
    switch (quantity) {
        case Quantity::time:
            return time;
        case Quantity::bandwidth:
            return bandwidth;
        case Quantity::speed:
            return speed;
        case Quantity::size:
            break;
    }
    return size;
}

std::string described(Quantity quantity, QuantityRange range) {
    const QuantityTraits& traits = quantity_traits(quantity);
    return fmt::format("{} from {} to {} with its unit ({})", traits.noun, range.low, range.high,
                       joined(traits.units, ", "));
}

double parse_quantity(std::string_view subject, std::string_view text, Quantity quantity,
                      QuantityRange range) {
    const QuantityTraits& traits = quantity_traits(quantity);
    const double value = traits.parse(subject, text);
    if (value < traits.parse(subject, range.low) || value > traits.parse(subject, range.high))
        throw InputError(subject, text, described(quantity, range),
                         fmt::format("write for example {}", traits.example));
    return value;
}

/// The parts between commas; none where the text is empty.
std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        parts.push_back(text.substr(0, comma));
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
        if (text.empty()) parts.emplace_back();  // a trailing comma is an empty, hence malformed, part
    }
    return parts;
}

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
            }};
}

Kind positive_real(double Config::*member, double high) {
    const std::string allowed =
        std::isfinite(high) ? fmt::format("a number above 0 and at most {}", high) : "a number above 0";
    return {
        "NUMBER",
        allowed,
        {},
        [=](Config& config, std::string_view subject, std::string_view text) {
            double value = 0;
            const char* const end = text.data() + text.size();
            const auto [rest, problem] = std::from_chars(text.data(), end, value);
            if (problem != std::errc{} || rest != end || !std::isfinite(value) || value <= 0 || value > high)
                throw InputError(subject, text, allowed);
            config.*member = value;
        },
        [=](const Config& config) { return fmt::format("{}", config.*member); }};
}

Kind quantity(double Config::*member, Quantity quantity, QuantityRange range) {
    return {std::string(quantity_traits(quantity).placeholder),
            described(quantity, range),
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                config.*member = parse_quantity(subject, text, quantity, range);
            },
            [=](const Config& config) { return render_quantity(quantity, config.*member); }};
}

Kind speed_list(std::vector<double> Config::*member, QuantityRange range) {
    return {"SPEED,SPEED,...",
            fmt::format("nothing, or speeds from {} to {} with their units and commas between", range.low,
                        range.high),
            {},
            [=](Config& config, std::string_view subject, std::string_view text) {
                std::vector<double> values;
                for (const auto part : split_list(text))
                    values.push_back(parse_quantity(subject, part, Quantity::speed, range));
                config.*member = std::move(values);
            },
            [=](const Config& config) {
                std::vector<std::string> parts;
                for (const double speed : config.*member)
                    parts.push_back(render_quantity(Quantity::speed, speed));
                return joined(parts, ",");
            }};
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

std::string render_quantity(Quantity quantity, double value) {
    const QuantityTraits& traits = quantity_traits(quantity);
    std::string shortest = fmt::format("{}{}", value, traits.base_unit);
    if (!std::isfinite(value) || value <= 0) return shortest;
    for (const std::string_view unit : traits.units) {
        const double number = value / traits.parse("", fmt::format("1{}", unit));
        const std::string candidate = fmt::format("{:.15g}{}", number, unit);  // the quotient is rounded
        if (std::isfinite(number) && candidate.size() < shortest.size() &&
            traits.parse("", candidate) == value)
            shortest = candidate;
    }
    return shortest;
}

}  // namespace lockstep::scenario
