#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "scenario/config.hpp"

namespace lockstep::study {

/// What a run can be limited by.
enum class Resource { straggler, server, bandwidth, latency, compute };
inline constexpr std::array all_resources{Resource::straggler, Resource::server, Resource::bandwidth,
                                          Resource::latency, Resource::compute};
std::string_view name(Resource resource);

/// Whether the run uses such a thing, it costs something in this scenario, and a scenario can say how it
/// would be without these costs. A straggler takes others that wait for it, a network takes two ranks.
bool can_be_ideal(Resource resource, const scenario::Config& config);

/// The scenario with one resource made ideal; everything else, also what is drawn, stays as it is.
///
/// * straggler: no --straggler, --pause, --failure and --speed-profile; every worker has the median worker's
///   speed, latency and bandwidth (of an even number the better of the two in the middle) in place of
///   --speeds, --heterogeneity, --latencies and --bandwidths; every step takes `usual_step` times its usual
///   time in place of --variability, for which the mean of what the run drew leaves as much to compute. The
///   server stays as it is.
/// * server: the dedicated server is infinitely fast, its link as wide as there is, and its latency at most
///   that of the others.
/// * bandwidth, latency: every link has the largest bandwidth, or no latency; messages then cost no
///   processor time either. With --platform by --bandwidth-factor and --latency-factor.
/// * compute: the workers' processors are a million times as fast; with --platform their steps alone, by
///   --variability.
scenario::Config with_ideal(Resource resource, const scenario::Config& config, double usual_step = 1);

/// Whether single workers are slowed down or have processors or links of their own.
bool has_uneven_workers(const scenario::Config& config);

/// The same scenario but for one of its workers, which takes `jolts` times 0.01 % longer for everything:
/// nothing that anybody would notice, but enough to decide who comes first.
scenario::Config with_jolt(const scenario::Config& config, std::size_t worker, std::size_t jolts = 1);

/// The same run without arithmetic, which takes the same simulated time.
scenario::Config timing_only_run(const scenario::Config& config);

}  // namespace lockstep::study
