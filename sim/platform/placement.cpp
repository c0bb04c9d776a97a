#include "sim/platform/placement.hpp"

#include <algorithm>

#include "scenario/processors.hpp"

namespace lockstep::sim {

std::size_t host_count(const scenario::Config& config) {
    const std::size_t for_workers = (config.workers + config.workers_per_host - 1) / config.workers_per_host;
    return for_workers + scenario::server_count(config);
}

std::size_t host_of_rank(const scenario::Config& config, std::size_t rank) {
    if (rank < config.workers) return rank / config.workers_per_host;
    return host_count(config) - scenario::server_count(config) + rank - config.workers;
}

std::vector<double> generated_host_speeds(const scenario::Config& config) {
    std::vector<double> speeds(host_count(config), 0);
    const std::vector<double> of_ranks = scenario::processor_speeds(config);
    for (std::size_t rank = 0; rank < of_ranks.size(); ++rank) {
        double& speed = speeds[host_of_rank(config, rank)];
        speed = std::max(speed, of_ranks[rank]);
    }
    return speeds;
}

std::vector<double> rank_slowdowns(const scenario::Config& config) {
    std::vector<double> slowdowns(scenario::rank_count(config), 1);
    if (scenario::has_platform_file(config)) return slowdowns;
    const std::vector<double> speeds = scenario::processor_speeds(config);
    const std::vector<double> host_speeds = generated_host_speeds(config);
    for (std::size_t rank = 0; rank < slowdowns.size(); ++rank)
        slowdowns[rank] = host_speeds[host_of_rank(config, rank)] / speeds[rank];
    return slowdowns;
}

}  // namespace lockstep::sim
