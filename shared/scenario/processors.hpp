#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "scenario/config.hpp"

namespace lockstep::scenario {

/// Speed of each rank's processor in flop/s: of the workers by --speeds, --heterogeneity or --speed, of
/// dedicated servers by --server-speed or --speed. Worker i's draw is stream `Purpose::processor_speed`,
/// index i, of the platform's seed, so that it depends neither on the method nor on the number of workers.
std::vector<double> processor_speeds(const Config& config);

/// How many times as long as usual worker `worker` needs for its step number `step` (from 0): a draw of
/// --variability, of stream `Purpose::step_time`, index worker, subindex step. Pure: the same whatever the
/// method, the platform and the other knobs.
double step_time_factor(const Config& config, std::size_t worker, std::uint64_t step);

}  // namespace lockstep::scenario
