#pragma once

#include <cstddef>
#include <vector>

#include "tests/simulation/flows.hpp"
#include "tests/support/simulated_child.hpp"

namespace lockstep::simulation {

inline constexpr double moment_s = 1;
inline constexpr double idle_W = 2;
inline constexpr double busy_W = 5;
inline constexpr double B = 1e8;

inline scenario::Config powered(scenario::Config config) {
    config.link_idle_power_W = idle_W;
    config.link_busy_power_W = busy_W;
    return config;
}

inline scenario::Config network_of(scenario::Topology topology, std::size_t workers) {
    scenario::Config config = powered(support::star_of(workers));
    config.topology = topology;
    config.latency_s = 1e-3;
    config.bandwidth_Bps = B;
    config.backbone_bandwidth_Bps = B;
    return config;
}

/// Joules of all links from the moment at which all messages are sent: `after_s` later, seen by the last
/// rank, which sends none.
inline double used_J(const scenario::Config& config, const std::vector<Message>& messages, double after_s) {
    return support::simulate_values(config,
                                    [&](comm::Communicator& communicator) {
                                        backend::start_clock();
                                        const bool looks = communicator.rank() + 1 == communicator.size();
                                        if (!looks) exchange(communicator, config, messages, moment_s);
                                        if (!looks) return std::vector<double>{};
                                        wait_until(communicator, config, moment_s);
                                        const double before_J = backend::energy_used().value().links_J;
                                        wait_until(communicator, config, moment_s + after_s);
                                        return std::vector{backend::energy_used().value().links_J - before_J};
                                    })
        .back()[0];
}

}  // namespace lockstep::simulation
