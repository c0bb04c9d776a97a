#include "run/evaluation_schedule.hpp"

namespace lockstep::run {
namespace {

/// Every so many moments one is tested before the search starts: close enough to each other that a rise and
/// fall between two of them is no more than an episode, and few.
constexpr std::size_t moments_between_scans = 16;

}  // namespace

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
    if (tests_.is_due(steps, reported)) return Kept::for_test;
    const std::size_t now = passed(steps);
    const std::size_t before = passed(reported);
    if (now == before) return Kept::no;
    return now / moments_between_scans != before / moments_between_scans ? Kept::for_scan : Kept::in_case;
}

std::size_t KeepingSchedule::count(std::uint64_t steps) const {
    std::size_t kept = 0;
    for (std::uint64_t step = 1; step <= steps; ++step) kept += due(step, step - 1) == Kept::no ? 0U : 1U;
    return kept;
}

}  // namespace lockstep::run
