#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lockstep::base {

/// Quantities with units, as users write them. Each `parse_*` takes the option's name for its message and
/// throws InputError where the number is malformed, negative, not finite, or the unit is missing or unknown.

/// Seconds, from `ns`, `us`, `ms`, `s`, `min`, `h`: `parse_time_s("--latency", "50us")` is 5e-5.
double parse_time_s(std::string_view option, std::string_view text);

/// Bytes a second, from `bps`, `kbps`, `Mbps`, `Gbps` (bits) or `Bps`, `kBps`, `MBps`, `GBps` (bytes):
/// `1Gbps` is 1.25e8.
double parse_bandwidth_Bps(std::string_view option, std::string_view text);

/// Floating-point operations a second, from `f`, `kf`, `Mf`, `Gf`, `Tf`: `5Gf` is 5e9.
double parse_speed_flops(std::string_view option, std::string_view text);

/// Bytes, from `B`, `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB`: `64KiB` is 65536.
double parse_size_B(std::string_view option, std::string_view text);

/// Watts, from `mW`, `W`, `kW`, `MW`.
double parse_power_W(std::string_view option, std::string_view text);

/// A plain number or one with a decimal prefix `k`, `M`, `G`, `T`: `25.6M` is 25 600 000.
double parse_count(std::string_view option, std::string_view text);

/// Figures as people read them, by one rule: all digits before the point and at least so many significant
/// ones, fewer only where these are the whole value (`4 s`, but `4.00 s` for 4.0004 s), and at least so many
/// decimals. Not parsed back.
struct Digits {
    int significant = 3;
    int decimals = 0;
};

/// `0.408`, `12.3`, `47100000`; with 4 decimals `0.9173`, `0.000421`. `-` where it is no finite number.
std::string format_number(double value, Digits digits = {});

/// A share in per cent: `56.6 %`, `5.12 %`, `0.0512 %`; below 0.0005 % it is `0.0 %`.
std::string format_share(double share);
/// A relative change, with its sign: `+5.12 %`.
std::string format_change(double share);

/// `12.3 ms`, `5 us`, `2.17 min`.
std::string format_time(double seconds);
/// `1.5 GiB`, with four significant digits, likewise `format_energy`, in joules.
std::string format_bytes(double bytes);
std::string format_energy(double energy_J);

/// A unit for all figures of a column.
struct ColumnUnit {
    std::string_view name;
    double size = 1;  ///< in the base unit
    Digits digits;
    std::string format(double value) const;
};

/// The unit that suits the middle, on a logarithmic scale, between the smallest and the largest of these
/// values, whatever their signs; zeros and what is not finite do not count.
ColumnUnit column_of_times(std::span<const double> seconds);
ColumnUnit column_of_bytes(std::span<const double> bytes);

}  // namespace lockstep::base
