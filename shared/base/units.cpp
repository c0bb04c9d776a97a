#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::base {
namespace {

struct Unit {
    std::string_view name;
    double factor;
    double divisor = 1;  // 1e6 is exact where 1e-6 is not: 50us is the double nearest to 5e-5
};

constexpr std::array<Unit, 6> time_units{
    {{"ns", 1, 1e9}, {"us", 1, 1e6}, {"ms", 1, 1e3}, {"s", 1}, {"min", 60}, {"h", 3600}}};
constexpr std::array<Unit, 8> bandwidth_units{{{"bps", 1.0 / 8},
                                               {"kbps", 1e3 / 8},
                                               {"Mbps", 1e6 / 8},
                                               {"Gbps", 1e9 / 8},
                                               {"Bps", 1},
                                               {"kBps", 1e3},
                                               {"MBps", 1e6},
                                               {"GBps", 1e9}}};
constexpr std::array<Unit, 5> speed_units{{{"f", 1}, {"kf", 1e3}, {"Mf", 1e6}, {"Gf", 1e9}, {"Tf", 1e12}}};
constexpr std::array<Unit, 4> power_units{{{"mW", 1, 1e3}, {"W", 1}, {"kW", 1e3}, {"MW", 1e6}}};
constexpr std::array<Unit, 5> count_units{{{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}}};
constexpr std::array<Unit, 7> size_units{{{"B", 1},
                                          {"kB", 1e3},
                                          {"MB", 1e6},
                                          {"GB", 1e9},
                                          {"KiB", 1024},
                                          {"MiB", 1024.0 * 1024},
                                          {"GiB", 1024.0 * 1024 * 1024}}};

std::string unit_list(std::span<const Unit> units) {
    std::string list;
    for (const Unit& unit : units)
        list += (list.empty() ? "" : ", ") + std::string(unit.name.empty() ? "nothing" : unit.name);
    return list;
}

double parse_quantity(std::string_view option, std::string_view text, std::span<const Unit> units,
                      std::string_view example) {
    const std::string allowed = fmt::format("a number of at least 0 followed by one of {}", unit_list(units));
    const std::string remedy = fmt::format("write for example {}", example);
    double number = 0;
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || !std::isfinite(number) || number < 0 || std::signbit(number))
        throw InputError(option, text, allowed, remedy);
    const std::string_view name(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
    for (const Unit& unit : units)
        if (unit.name == name && std::isfinite(number * unit.factor))
            return number * unit.factor / unit.divisor;
    throw InputError(option, text, allowed, name.empty() ? "the unit is missing: " + remedy : remedy);
}

/// Between the smallest and the largest magnitude; 0 where there is none.
double middle_of(std::span<const double> values) {
    double least = std::numeric_limits<double>::infinity();
    double most = 0;
    for (const double value : values) {
        if (!std::isfinite(value) || value == 0) continue;
        least = std::min(least, std::abs(value));
        most = std::max(most, std::abs(value));
    }
    return most == 0 ? 0 : least == most ? most : std::sqrt(least) * std::sqrt(most);
}

}  // namespace

double parse_time_s(std::string_view option, std::string_view text) {
    return parse_quantity(option, text, time_units, "50us");
}

double parse_bandwidth_Bps(std::string_view option, std::string_view text) {
    return parse_quantity(option, text, bandwidth_units, "1Gbps");
}

double parse_speed_flops(std::string_view option, std::string_view text) {
    return parse_quantity(option, text, speed_units, "5Gf");
}

double parse_size_B(std::string_view option, std::string_view text) {
    return parse_quantity(option, text, size_units, "64KiB");
}

double parse_power_W(std::string_view option, std::string_view text) {
    return parse_quantity(option, text, power_units, "100W");
}

double parse_count(std::string_view option, std::string_view text) {
    return parse_quantity(option, text, count_units, "25.6M");
}

std::string format_number(double value, Digits digits) {
    constexpr double smallest = 1e-6;  // below that powers of ten are shorter
    constexpr double exact = 1e-9;     // of the value, which may have been computed
    if (!std::isfinite(value)) return "-";
    if (value == 0) return fmt::format("{:.{}f}", 0.0, digits.decimals);
    if (std::abs(value) < smallest) return fmt::format("{:.{}e}", value, digits.significant - 1);
    const std::string rounded = fmt::format("{:.{}e}", value, digits.significant - 1);
    const int exponent = std::stoi(rounded.substr(rounded.find('e') + 1));
    const int places = std::max(0, digits.significant - 1 - exponent);
    std::string text = fmt::format("{:.{}f}", value, std::max(places, digits.decimals));
    if (std::abs(std::stod(rounded) - value) > exact * std::abs(value)) return text;
    for (int i = digits.decimals; i < places && text.back() == '0'; ++i) text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string format_share(double share) {
    constexpr double nothing = 5e-6;
    if (!std::isfinite(share)) return "-";
    return format_number(std::abs(share) < nothing ? 0 : 100 * share, {3, 1}) + " %";
}

std::string format_change(double share) {
    return fmt::format("{}{}", std::signbit(share) || std::isnan(share) ? "" : "+", format_share(share));
}

std::string format_time(double seconds) {
    return column_of_times({&seconds, 1}).format(seconds);
}

std::string format_bytes(double bytes) {
    return column_of_bytes({&bytes, 1}).format(bytes);
}

std::string format_energy(double energy_J) {
    return format_number(energy_J, {.significant = 4}) + " J";
}

std::string ColumnUnit::format(double value) const {
    if (!std::isfinite(value)) return "-";
    return fmt::format("{} {}", format_number(value / size, digits), name);
}

ColumnUnit column_of_times(std::span<const double> seconds) {
    const double middle_s = middle_of(seconds);
    if (middle_s >= 120) return {"min", 60, {}};
    if (middle_s >= 1 || middle_s == 0) return {"s", 1, {}};
    if (middle_s >= 1e-3) return {"ms", 1e-3, {}};
    if (middle_s >= 1e-6) return {"us", 1e-6, {}};
    return {"ns", 1e-9, {}};
}

ColumnUnit column_of_bytes(std::span<const double> bytes) {
    constexpr std::array<std::string_view, 5> names{"B", "KiB", "MiB", "GiB", "TiB"};
    const double middle = middle_of(bytes);
    ColumnUnit unit{names.front(), 1, {.significant = 4}};
    for (std::size_t i = 1; i < names.size() && middle >= 1024 * unit.size; ++i)
        unit = {names[i], 1024 * unit.size, unit.digits};
    return unit;
}

}  // namespace lockstep::base
