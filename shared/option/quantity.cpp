#include "option/quantity.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/units.hpp"
#include "option/lists.hpp"
#include "option/values.hpp"

namespace lockstep::option {
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

template <typename AsNumber>
void set_number(AsNumber& number, Quantity quantity, QuantityRange range) {
    number.quantity = quantity;
    number.lowest = quantity_traits(quantity).parse("", range.low);
    number.highest = quantity_traits(quantity).parse("", range.high);
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

Value<double> quantity(Quantity quantity, QuantityRange range) {
    Value<double> value{
        .placeholder = std::string(quantity_traits(quantity).placeholder),
        .allowed = described(quantity, range),
        .choices = {},
        .read = [=](std::string_view subject,
                    std::string_view text) { return parse_quantity(subject, text, quantity, range); },
        .write = [=](const double& number) { return render_quantity(quantity, number); },
        .number = as_number<double>()};
    set_number(*value.number, quantity, range);
    return value;
}

Value<std::optional<double>> quantity_or_none(Quantity quantity, QuantityRange range) {
    Value<std::optional<double>> value{
        .placeholder = std::string(quantity_traits(quantity).placeholder),
        .allowed = described(quantity, range) + ", or none",
        .choices = {},
        .read =
            [=](std::string_view subject, std::string_view text) {
                return text == "none" ? std::nullopt
                                      : std::optional(parse_quantity(subject, text, quantity, range));
            },
        .write =
            [=](const std::optional<double>& number) {
                return number ? render_quantity(quantity, *number) : "none";
            },
        .number = as_number<std::optional<double>>()};
    set_number(*value.number, quantity, range);
    return value;
}

Value<std::vector<double>> quantity_list(Quantity quantity, QuantityRange range) {
    const QuantityTraits& traits = quantity_traits(quantity);
    return {.placeholder = fmt::format("{0},{0},...", traits.placeholder),
            .allowed = fmt::format("nothing, or {} from {} to {} with their units and commas between",
                                   traits.nouns, range.low, range.high),
            .choices = {},
            .read =
                [=](std::string_view subject, std::string_view text) {
                    std::vector<double> values;
                    for (const auto part : split_list(text))
                        values.push_back(parse_quantity(subject, part, quantity, range));
                    return values;
                },
            .write =
                [=](const std::vector<double>& values) {
                    std::vector<std::string> parts;
                    parts.reserve(values.size());
                    for (const double value : values) parts.push_back(render_quantity(quantity, value));
                    return joined(parts, ",");
                },
            .is_list = true};
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

Written parts_of(std::optional<Quantity> quantity, std::string_view text) {
    if (!quantity) return {};
    const auto& units = quantity_traits(*quantity).units;
    Written written;
    const char* const end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, written.number);
    const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    written.is_quantity = problem == std::errc{} && std::ranges::count(units, unit) > 0;
    if (written.is_quantity) written.unit = unit;
    return written;
}

double size_of_unit(std::optional<Quantity> quantity, std::string_view unit) {
    const std::string one = fmt::format("1{}", unit);
    return parts_of(quantity, one).is_quantity ? quantity_traits(*quantity).parse("", one) : 1;
}

}  // namespace lockstep::option
