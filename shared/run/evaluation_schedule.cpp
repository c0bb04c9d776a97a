#include "run/evaluation_schedule.hpp"

namespace lockstep::run {

KeepingSchedule::KeepingSchedule(const EvaluationSchedule& tests, std::uint64_t steps,
                                 std::uint64_t resolution)
    : tests_(tests) {
    for (std::uint64_t step = 1; step <= steps; step += std::max<std::uint64_t>(1, step / resolution))
        moments_.push_back(step);
}

std::size_t KeepingSchedule::passed(std::uint64_t steps) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(moments_, steps) - moments_.begin());
}

Kept KeepingSchedule::due(std::uint64_t steps, std::uint64_t reported) const {
    return {.for_test = tests_.is_due(steps, reported), .for_search = passed(steps) != passed(reported)};
}

std::size_t KeepingSchedule::count(std::uint64_t steps) const {
    std::size_t kept = 0;
    for (std::uint64_t step = 1; step <= steps; ++step) kept += due(step, step - 1).is_kept() ? 1U : 0U;
    return kept;
}

}  // namespace lockstep::run
