#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

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

    /// Whether to test after so many steps, when the steps before were reported up to number `reported`.
    bool is_due(std::uint64_t steps, std::uint64_t reported) const {
        return interval(steps) != interval(reported);
    }
};

/// What a copy of parameters is kept for.
struct Kept {
    bool for_test = false;    ///< it is tested in any case
    bool for_search = false;  ///< it is one of the moments among which a target is looked for

    bool is_kept() const { return for_test || for_search; }
    bool operator==(const Kept&) const = default;
};

/// When parameters are kept: for the tests of the schedule and, where something is looked for, at moments
/// that are so dense that it is found as finely as a share of the time until then.
///
/// Example: with a resolution of 3, after steps 1, 2, 3, 4, 5, 6, 8, 10, 13, 17 ...: each a third further, at
/// least a step.
class KeepingSchedule {
  public:
    explicit KeepingSchedule(const EvaluationSchedule& tests) : tests_(tests) {}
    /// With moments for a search among `steps` steps. `resolution` >= 1.
    KeepingSchedule(const EvaluationSchedule& tests, std::uint64_t steps, std::uint64_t resolution);

    /// What to keep the parameters after so many steps for, when the steps before were reported up to number
    /// `reported`.
    Kept due(std::uint64_t steps, std::uint64_t reported) const;

    /// Copies that `steps` steps reported one by one leave.
    std::size_t count(std::uint64_t steps) const;

    /// Those for a search.
    std::size_t moments() const { return moments_.size(); }
    const EvaluationSchedule& tests() const { return tests_; }

  private:
    /// Moments up to so many steps.
    std::size_t passed(std::uint64_t steps) const;

    EvaluationSchedule tests_;
    std::vector<std::uint64_t> moments_;
};

}  // namespace lockstep::run
