#include "base/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
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

std::string format_time(double seconds) {
    const double magnitude = std::abs(seconds);
    if (magnitude >= 120) return fmt::format("{:.1f} min", seconds / 60);
    if (magnitude >= 1 || magnitude == 0) return fmt::format("{:.3g} s", seconds);
    if (magnitude >= 1e-3) return fmt::format("{:.3g} ms", seconds * 1e3);
    if (magnitude >= 1e-6) return fmt::format("{:.3g} us", seconds * 1e6);
    return fmt::format("{:.3g} ns", seconds * 1e9);
}

std::string format_bytes(double bytes) {
    constexpr std::array<std::string_view, 5> names{"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t i = 0;
    for (; bytes >= 1024 && i + 1 < names.size(); ++i) bytes /= 1024;
    return fmt::format("{:.4g} {}", bytes, names[i]);
}

}  // namespace lockstep::base
