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
        else if (!config.heterogeneity.is_constant())
            speeds[worker] = config.speed_flops / drawn_factor(config, worker);
    }
    for (std::size_t rank = config.workers; rank < speeds.size(); ++rank)
        speeds[rank] = config.server_speed_flops.value_or(config.speed_flops);
    return speeds;
}

double step_time_factor(const Config& config, std::size_t worker, std::uint64_t step) {
    if (config.variability.is_constant()) return 1;
    base::RandomStream stream(platform_seed(config), base::Purpose::step_time,
                              static_cast<std::uint32_t>(worker), static_cast<std::uint32_t>(step));
    return config.variability.draw(stream);
}

}  // namespace lockstep::scenario
