#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/units.hpp"
#include "scenario/options/kinds.hpp"
#include "scenario/options/lists.hpp"

namespace lockstep::scenario {
namespace {

using base::InputError;

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

namespace {

template <typename Value>
Number quantity_number(Value Config::*member, Quantity quantity) {
    Number number = number_of(member);
    number.quantity = quantity;
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

namespace {

constexpr double most_multiple = 1e6;

bool is_without_unit(std::string_view text) {
    return !text.empty() && (text.back() == '.' || (text.back() >= '0' && text.back() <= '9'));
}

std::vector<double> parse_multiples(std::string_view subject, const std::vector<std::string_view>& parts,
                                    std::string_view allowed) {
    std::vector<double> values;
    for (const auto part : parts) {
        values.push_back(parse_positive_real(subject, part, most_multiple, allowed));
        if (values.back() < 1 / most_multiple) throw InputError(subject, part, allowed);
    }
    return values;
}

}  // namespace

Kind speeds_or_multiples(std::vector<double> Config::*speeds, std::vector<double> Config::*multiples,
                         QuantityRange range) {
    Kind kind = quantity_list(speeds, Quantity::speed, range);
    kind.placeholder = "SPEED,SPEED,...";
    kind.allowed += fmt::format(", or numbers from {:g} to {:g} without one, multiples of the full speed",
                                1 / most_multiple, most_multiple);
    kind.set = [=, set_speeds = kind.set, allowed = kind.allowed](Config& config, std::string_view subject,
                                                                  std::string_view text) {
        const auto parts = split_list(text);
        const auto plain = std::ranges::count_if(parts, is_without_unit);
        if (plain != 0 && plain != std::ssize(parts))
            throw InputError(subject, text, allowed, "give a unit to all of them, or to none");
        std::vector<double> values;
        if (plain == 0)
            set_speeds(config, subject, text);
        else
            values = parse_multiples(subject, parts, allowed);
        if (plain != 0) (config.*speeds).clear();
        config.*multiples = std::move(values);
    };
    kind.get = [=, get_speeds = kind.get](const Config& config) {
        if ((config.*multiples).empty()) return get_speeds(config);
        std::vector<std::string> parts;
        for (const double value : config.*multiples) parts.push_back(fmt::format("{}", value));
        return joined(parts, ",");
    };
    return kind;
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

namespace {

/// `12.5ms` in its two parts; the unit is empty where there is no number, or the quantity has no such unit.
struct Written {
    double number = 0;
    std::string_view unit;
    bool is_quantity = false;
};

Written parts_of(const Kind& kind, std::string_view text) {
    if (!kind.number || !kind.number->quantity) return {};
    const auto& units = quantity_traits(*kind.number->quantity).units;
    Written written;
    const char* const end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, written.number);
    const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    written.is_quantity = problem == std::errc{} && std::ranges::count(units, unit) > 0;
    if (written.is_quantity) written.unit = unit;
    return written;
}

}  // namespace

std::string_view unit_of_range(const Kind& kind, std::string_view low, std::string_view high) {
    const Written first = parts_of(kind, low);
    return first.is_quantity && first.number > 0 ? first.unit : parts_of(kind, high).unit;
}

double size_of_unit(const Kind& kind, std::string_view unit) {
    const std::string one = fmt::format("1{}", unit);
    return parts_of(kind, one).is_quantity ? quantity_traits(*kind.number->quantity).parse("", one) : 1;
}

std::string text_in_unit(const Kind& kind, const Config& config, std::string_view unit, int digits) {
    if (!kind.number || !kind.number->quantity) return kind.get(config);
    const double number = kind.number->get(config) / size_of_unit(kind, unit);
    if (!std::isfinite(number)) return kind.get(config);
    return fmt::format("{}{}", std::stod(fmt::format("{:.{}g}", number, digits)), unit);
}

std::string text_as_given(const Kind& kind, const Config& config, std::string_view given) {
    const Written written = parts_of(kind, given);
    return written.is_quantity ? fmt::format("{}{}", written.number, written.unit) : kind.get(config);
}

}  // namespace lockstep::scenario
