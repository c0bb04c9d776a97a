#include "scenario/processors.hpp"

namespace lockstep::scenario {
namespace {

double drawn_factor(const Config& config, std::size_t worker) {
    base::RandomStream stream(platform_seed(config), base::Purpose::processor_speed,
                              static_cast<std::uint32_t>(worker));
    return config.heterogeneity.draw(stream);
}

}  // namespace

std::vector<double> processor_speeds(const Config& config) {
    std::vector<double> speeds(rank_count(config), config.speed_flops);
    for (std::size_t worker = 0; worker < config.workers; ++worker) {
        if (!config.speeds_flops.empty())
            speeds[worker] = config.speeds_flops.at(worker);
        else if (!config.speed_multiples.empty())
            speeds[worker] = config.speed_flops * config.speed_multiples.at(worker);
        else if (!config.heterogeneity.is_constant())
            speeds[worker] = config.speed_flops / drawn_factor(config, worker);
    }
    for (std::size_t rank = config.workers; rank < speeds.size(); ++rank)
        speeds[rank] = config.server_speed_flops.value_or(config.speed_flops);
    return speeds;
}

bool emulates_processors(const Config& config) {
    return config.emulate_speed_flops || !config.speeds_flops.empty() || !config.speed_multiples.empty();
}

bool emulates_all_speeds(const Config& config) {
    return config.emulate_speed_flops || (!config.speeds_flops.empty() && !has_dedicated_server(config));
}

std::optional<EmulatedSpeed> emulated_speed(const Config& config, std::size_t rank) {
    if (config.emulate_speed_flops) {
        Config emulated = config;
        emulated.speed_flops = *config.emulate_speed_flops;
        return EmulatedSpeed{processor_speeds(emulated).at(rank), false};
    }
    if (rank >= config.workers) return std::nullopt;
    if (!config.speeds_flops.empty()) return EmulatedSpeed{config.speeds_flops.at(rank), false};
    if (config.speed_multiples.empty() || config.speed_multiples.at(rank) == 1) return std::nullopt;
    return EmulatedSpeed{config.speed_multiples.at(rank), true};
}

double step_time_factor(const Config& config, std::size_t worker, std::uint64_t step) {
    if (config.variability.is_constant()) return 1;
    base::RandomStream stream(platform_seed(config), base::Purpose::step_time,
                              static_cast<std::uint32_t>(worker), static_cast<std::uint32_t>(step));
    return config.variability.draw(stream);
}

}  // namespace lockstep::scenario
