#pragma once

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

/// A short rendering for people: `12.3 ms`, `5 us`, `1.5 GiB`. Not parsed back.
std::string format_time(double seconds);
std::string format_bytes(double bytes);

}  // namespace lockstep::base
