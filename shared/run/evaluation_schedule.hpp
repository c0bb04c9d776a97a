#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lockstep::run {

/// When parameters are tested: `--evaluations` times an epoch, as evenly as whole rounds allow, the last time
/// at its end. Between two tests lies an interval of training.
///
/// Example: 5 rounds an epoch, 2 evaluations: after rounds 3, 5, 8, 10 ... of intervals 0, 1, 2, 3 ...
struct EvaluationSchedule {
    std::uint64_t rounds_per_epoch;
    std::uint64_t evaluations;  ///< per epoch; at most one a round

    EvaluationSchedule(std::uint64_t rounds, std::size_t per_epoch)
        : rounds_per_epoch(rounds), evaluations(std::min<std::uint64_t>(rounds, per_epoch)) {}

    /// The interval that a step belongs to; steps count from 0.
    std::uint64_t interval(std::uint64_t step) const {
        return step / rounds_per_epoch * evaluations +
               step % rounds_per_epoch * evaluations / rounds_per_epoch;
    }

    /// The steps after which an interval begins: the last moment to test up to so many steps.
    std::uint64_t last_due(std::uint64_t steps) const {
        const std::uint64_t before = interval(steps);
        const std::uint64_t rounds = before % evaluations * rounds_per_epoch;
        return before / evaluations * rounds_per_epoch + (rounds + evaluations - 1) / evaluations;
    }

    /// Whether to test after so many steps, when the steps before were reported up to number `reported`.
    bool is_due(std::uint64_t steps, std::uint64_t reported) const {
        return interval(steps) != interval(reported);
    }
};

}  // namespace lockstep::run
