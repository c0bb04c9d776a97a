#include "study/compare/ideal_resources.hpp"

#include <algorithm>

#include <fmt/format.h>

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

/// Every step takes so many times its usual time.
base::Distribution always(double factor) {
    if (factor == 1) return {};
    return base::Distribution::parse("--variability", fmt::format("two-point:1,{}", factor));
}

void heal(Config& config, double usual_step) {
    if (!config.variability.is_constant()) config.variability = always(usual_step);
    if (!has_uneven_workers(config)) return;
    config.stragglers.clear();
    config.pauses.clear();
    config.failures.clear();
    config.speed_profiles.clear();
    if (!scenario::applies("speeds", config)) return;
    keep_server(config);
    std::vector<double> speeds = scenario::processor_speeds(config);
    speeds.resize(config.workers);
    config.speed_flops = upper_median(speeds);
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
    if (scenario::has_platform_file(config)) {
        config.variability = always(1 / faster);
        return;
    }
    const auto sped_up = [](double flops) { return std::min(faster * flops, fastest_flops); };
    keep_server(config);
    const double before_flops = config.speed_flops;
    config.copy_bandwidth_Bps.reset();
    config.speed_flops = sped_up(config.speed_flops);
    // They are those of a processor of --speed, so that the server's stay what they were.
    for (auto* speed : {&config.vector_speed_flops, &config.code_speed_flops, &config.update_speed_flops})
        if (*speed) **speed *= config.speed_flops / before_flops;
    for (double& speed : config.speeds_flops) speed = sped_up(speed);
}

}  // namespace

std::string_view name(Resource resource) {
    constexpr std::array<std::string_view, all_resources.size()> names{"straggler", "server", "bandwidth",
                                                                       "latency", "compute"};
    return names[static_cast<std::size_t>(resource)];
}

bool has_uneven_workers(const Config& config) {
    return !config.stragglers.empty() || !config.pauses.empty() || !config.failures.empty() ||
           !config.speed_profiles.empty() || !config.speeds_flops.empty() ||
           !config.speed_multiples.empty() || !config.heterogeneity.is_constant() ||
           !config.latencies_s.empty() || !config.bandwidths_Bps.empty();
}

bool can_be_ideal(Resource resource, const Config& config) {
    const auto is_used = [&] {
        switch (resource) {
            case Resource::straggler:
                return config.workers > 1;
            case Resource::server:
                return scenario::applies("server-speed", config);
            case Resource::bandwidth:
            case Resource::latency:
                return scenario::rank_count(config) > 1;
            case Resource::compute:
                return true;
        }
        return false;
    };
    return is_used() && with_ideal(resource, config) != config;
}

Config with_ideal(Resource resource, const Config& config, double usual_step) {
    Config ideal = config;
    switch (resource) {
        case Resource::straggler:
            heal(ideal, usual_step);
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

Config with_jolt(const Config& config, std::size_t worker, std::size_t jolts) {
    constexpr double jolt = 1e-4;
    Config jolted = config;
    jolted.stragglers.push_back({worker, 1 + static_cast<double>(jolts) * jolt, 0, scenario::for_ever_s});
    return jolted;
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

}  // namespace lockstep::study
