#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "scenario/config.hpp"

namespace lockstep::study {

/// What a run can be limited by.
enum class Resource { straggler, server, bandwidth, latency, compute };
inline constexpr std::array all_resources{Resource::straggler, Resource::server, Resource::bandwidth,
                                          Resource::latency, Resource::compute};
std::string_view name(Resource resource);

/// Whether the run has such a thing and a scenario can say how it would be without its costs.
bool can_be_ideal(Resource resource, const scenario::Config& config);

/// The scenario with one resource made ideal:
///
/// * straggler: no --straggler, --pause, --failure, --speed-profile and --variability; every worker has the
///   median worker's speed, latency and bandwidth (of an even number the better of the two in the middle)
///   in place of --speeds, --heterogeneity, --latencies and --bandwidths. The server stays as it is.
/// * server: the dedicated server is infinitely fast, its link as wide as there is, and its latency at most
///   that of the others.
/// * bandwidth, latency: every link has the largest bandwidth, or no latency; messages then cost no
///   processor time either. With --platform by --bandwidth-factor and --latency-factor.
/// * compute: the workers' processors are a million times as fast.
scenario::Config with_ideal(Resource resource, const scenario::Config& config);

/// Two scenarios: what the resource costs is the difference of their times.
struct Probe {
    Resource resource = Resource::straggler;
    scenario::Config before;
    scenario::Config after;
};

/// The timing-only runs that show what each resource of a run costs, in the order of all_resources. They are
/// nested so that no cause counts twice: the server's share is that of a run without stragglers, those of
/// bandwidth and latency are of one whose server is ideal too, and that of compute of one without stragglers.
std::vector<Probe> probes(const scenario::Config& config);

/// The same run without arithmetic, which takes the same simulated time.
scenario::Config timing_only_run(const scenario::Config& config);

}  // namespace lockstep::study
