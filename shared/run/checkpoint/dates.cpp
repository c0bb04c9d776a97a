#include "run/checkpoint/dates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lockstep::run {

CheckpointDates::CheckpointDates(const scenario::Config& config, std::uint64_t steps_per_epoch,
                                 scenario::CheckpointInterval unless_asked) {
    constexpr std::uint64_t least_unless_asked = 100;
    if (!config.checkpoint_every) least_steps_ = least_unless_asked;
    const scenario::CheckpointInterval every = config.checkpoint_every.value_or(unless_asked);
    if (const auto* epochs = std::get_if<std::uint64_t>(&every))
        every_steps_ = *epochs * steps_per_epoch;
    else
        every_s_ = std::get<double>(every);
    pass(0, 0);
}

bool CheckpointDates::is_due(double elapsed_s, std::uint64_t steps) const {
    return steps >= next_steps_ && elapsed_s >= next_s_;
}

std::uint64_t CheckpointDates::steps_ahead(double elapsed_s, std::uint64_t steps) const {
    constexpr double most = 1U << 30U;
    const std::uint64_t by_steps = next_steps_ > steps ? next_steps_ - steps : 1;
    if (every_s_ <= 0 || elapsed_s >= next_s_) return by_steps;
    const double step_s = elapsed_s / static_cast<double>(std::max<std::uint64_t>(steps, 1));
    const double by_time = std::clamp((next_s_ - elapsed_s) / step_s, 1.0, most);
    return std::max(by_steps, static_cast<std::uint64_t>(by_time));
}

void CheckpointDates::pass(double elapsed_s, std::uint64_t steps) {
    next_steps_ = steps + least_steps_;
    if (every_s_ > 0) {
        next_s_ = (std::floor(elapsed_s / every_s_) + 1) * every_s_;
        if (next_s_ <= elapsed_s) next_s_ += every_s_;  // by rounding
    } else {
        const std::uint64_t after = std::max(steps + 1, next_steps_);
        next_steps_ = (after + every_steps_ - 1) / every_steps_ * every_steps_;
    }
}

}  // namespace lockstep::run
