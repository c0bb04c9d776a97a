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

    /// Whether to test after so many steps.
    bool is_due(std::uint64_t steps) const { return steps > 0 && interval(steps) != interval(steps - 1); }
};

}  // namespace lockstep::run
