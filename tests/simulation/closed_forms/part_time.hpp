#pragma once

#include <algorithm>
#include <cstddef>

#include "tests/simulation/closed_forms/timed_run.hpp"

namespace lockstep::simulation {

/// A part of v on one of the servers: its time on a link, and that of so many operations a value.
struct Part {
    double values;
    double speed;  ///< of the server
    double link_s;

    Part(const scenario::Config& config, std::size_t n)
        : values(static_cast<double>(n) / static_cast<double>(scenario::server_count(config))),
          speed(config.speed_flops),
          link_s((4 * values + envelope_B) / config.bandwidth_Bps) {}
    double operations_s(double a_value) const { return a_value * values / speed; }
};

inline double number(std::size_t count) {
    return static_cast<double>(count);
}

/// All send together to all servers, or are sent to: the links of the servers or of the workers are full.
inline double all_together_s(const scenario::Config& config, const Part& part) {
    return config.latency_s + number(std::max(config.workers, scenario::server_count(config))) * part.link_s;
}

/// A worker that sends to, or gets from, all servers while nobody else does.
inline double alone_s(const scenario::Config& config, const Part& part) {
    return config.latency_s + number(scenario::server_count(config)) * part.link_s;
}

inline double step_s(const scenario::Config& config, const support::Job& job) {
    return job.step_flops / config.speed_flops;
}

}  // namespace lockstep::simulation
