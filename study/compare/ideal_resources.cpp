#include "study/compare/ideal_resources.hpp"

#include <algorithm>

#include "scenario/applicability.hpp"
#include "scenario/processors.hpp"

namespace lockstep::study {
namespace {

using scenario::Config;

// The ends of what the options allow.
constexpr double fastest_flops = 1e18;
constexpr double widest_Bps = 1e15;
constexpr double faster = 1e6;

/// Of an even number the smaller of the two in the middle.
double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// Of an even number the larger of the two in the middle.
double upper_median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// The server's own values, which would otherwise follow those of the workers.
void keep_server(Config& config) {
    if (!scenario::has_dedicated_server(config)) return;
    config.server_speed_flops = config.server_speed_flops.value_or(config.speed_flops);
    if (!scenario::applies("server-latency", config)) return;
    config.server_latency_s = config.server_latency_s.value_or(config.latency_s);
    config.server_bandwidth_Bps = config.server_bandwidth_Bps.value_or(config.bandwidth_Bps);
}

void heal(Config& config) {
    config.stragglers.clear();
    config.pauses.clear();
    config.failures.clear();
    config.speed_profiles.clear();
    const double usual = config.variability.mean();
    config.variability = {};
    if (!scenario::applies("speeds", config)) return;
    keep_server(config);
    std::vector<double> speeds = scenario::processor_speeds(config);
    speeds.resize(config.workers);
    config.speed_flops = upper_median(speeds) / usual;
    config.speeds_flops.clear();
    config.speed_multiples.clear();
    config.heterogeneity = {};
    if (!scenario::applies("latencies", config)) return;
    if (!config.latencies_s.empty()) config.latency_s = median(config.latencies_s);
    if (!config.bandwidths_Bps.empty()) config.bandwidth_Bps = upper_median(config.bandwidths_Bps);
    config.latencies_s.clear();
    config.bandwidths_Bps.clear();
}

void idealise_server(Config& config) {
    config.server_speed_flops = fastest_flops;
    if (!scenario::applies("server-latency", config)) return;
    config.server_bandwidth_Bps = widest_Bps;
    config.server_latency_s = std::min(config.server_latency_s.value_or(config.latency_s), config.latency_s);
}

void remove_latency(Config& config) {
    config.message_overhead_s = 0;
    config.jitter = {};
    config.latency_s = 0;
    config.latencies_s.clear();
    config.server_latency_s.reset();
    config.backbone_latency_s = 0;
    config.loopback_latency_s = 0;
    if (scenario::has_platform_file(config)) config.latency_factor = "1e-9";
}

void remove_bandwidth_limits(Config& config) {
    config.bandwidth_Bps = widest_Bps;
    config.receive_bandwidth_Bps.reset();
    config.duplex = 2;
    config.bandwidths_Bps.clear();
    config.server_bandwidth_Bps.reset();
    config.backbone_bandwidth_Bps = widest_Bps;
    config.loopback_bandwidth_Bps = widest_Bps;
    if (scenario::has_platform_file(config)) config.bandwidth_factor = "1e9";
}

void speed_up(Config& config) {
    const auto sped_up = [](double flops) { return std::min(faster * flops, fastest_flops); };
    keep_server(config);
    const double before_flops = config.speed_flops;
    config.copy_bandwidth_Bps.reset();
    config.speed_flops = sped_up(config.speed_flops);
    // It is that of a processor of --speed, so that the server's stays what it was.
    if (config.vector_speed_flops) *config.vector_speed_flops *= config.speed_flops / before_flops;
    for (double& speed : config.speeds_flops) speed = sped_up(speed);
}

}  // namespace

std::string_view name(Resource resource) {
    constexpr std::array<std::string_view, all_resources.size()> names{"straggler", "server", "bandwidth",
                                                                       "latency", "compute"};
    return names[static_cast<std::size_t>(resource)];
}

bool can_be_ideal(Resource resource, const Config& config) {
    switch (resource) {
        case Resource::straggler:
            return true;
        case Resource::server:
            return scenario::applies("server-speed", config);
        case Resource::bandwidth:
        case Resource::latency:
            return scenario::rank_count(config) > 1;
        case Resource::compute:
            return scenario::applies("speed", config);
    }
    return false;
}

Config with_ideal(Resource resource, const Config& config) {
    Config ideal = config;
    switch (resource) {
        case Resource::straggler:
            heal(ideal);
            break;
        case Resource::server:
            idealise_server(ideal);
            break;
        case Resource::bandwidth:
            remove_bandwidth_limits(ideal);
            break;
        case Resource::latency:
            remove_latency(ideal);
            break;
        case Resource::compute:
            speed_up(ideal);
            break;
    }
    return ideal;
}

Config timing_only_run(const Config& config) {
    Config timed = config;
    timed.numerics = scenario::Numerics::none;
    timed.evaluate = Config{}.evaluate;
    timed.evaluations = Config{}.evaluations;
    timed.out.clear();
    timed.events = scenario::Events::none;
    return timed;
}

std::vector<Probe> probes(const Config& config) {
    const Config actual = timing_only_run(config);
    const Config healed = with_ideal(Resource::straggler, actual);
    const bool has_server = can_be_ideal(Resource::server, config);
    const Config served = has_server ? with_ideal(Resource::server, healed) : healed;
    std::vector<Probe> all;
    for (const Resource resource : all_resources) {
        if (!can_be_ideal(resource, config)) continue;
        const bool is_of_network = resource == Resource::bandwidth || resource == Resource::latency;
        const Config& before = resource == Resource::straggler ? actual : is_of_network ? served : healed;
        all.push_back({resource, before, with_ideal(resource, before)});
    }
    return all;
}

}  // namespace lockstep::study
