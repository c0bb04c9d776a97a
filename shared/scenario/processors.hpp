#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "scenario/config.hpp"

namespace lockstep::scenario {

/// Speed of each rank's processor in flop/s: of the workers by --speeds (which may be
/// multiples of --speed), --heterogeneity or --speed, of
/// dedicated servers by --server-speed or --speed. Worker i's draw is stream `Purpose::processor_speed`,
/// index i, of the platform's seed, so that it depends neither on the method nor on the number of workers.
std::vector<double> processor_speeds(const Config& config);

/// How many times as long as usual worker `worker` needs for its step number `step` (from 0): a draw of
/// --variability, of stream `Purpose::step_time`, index worker, subindex step. Pure: the same whatever the
/// method, the platform and the other knobs.
double step_time_factor(const Config& config, std::size_t worker, std::uint64_t step);

/// Whether a run in the real world emulates processors, which --emulate-speed and --speeds ask for.
bool emulates_processors(const Config& config);

/// Whether it emulates each rank's processor at a speed in flop/s, so that it does not matter how fast those
/// of the machine are.
bool emulates_all_speeds(const Config& config);

/// What a rank's processor is slowed down to in the real world.
struct EmulatedSpeed {
    double value = 1;  ///< flop/s, or a share of what the processor does by itself
    bool is_share = true;
};
/// Of one rank; nothing where it is as fast as it can. With --emulate-speed these are processor_speeds() of a
/// platform of that speed; without, only workers are slowed down.
std::optional<EmulatedSpeed> emulated_speed(const Config& config, std::size_t rank);

}  // namespace lockstep::scenario
