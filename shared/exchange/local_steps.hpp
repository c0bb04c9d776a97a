#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "exchange/local_training.hpp"
#include "exchange/work.hpp"
#include "option/kind.hpp"

namespace lockstep::exchange {

/// How many steps lie between two exchanges.
struct Period {
    enum class Unit { steps, epoch, once };
    Unit unit = Unit::steps;
    std::size_t steps = 10;  ///< where that is the unit

    /// Of a run of so many steps, so many an epoch.
    std::uint64_t in_steps(std::uint64_t steps_per_epoch, std::uint64_t all_steps) const {
        return unit == Unit::epoch ? steps_per_epoch : unit == Unit::once ? all_steps : steps;
    }
    bool operator==(const Period&) const = default;
};

/// Of methods whose workers step on their own for a while.
struct LocalSteps {
    Period period;

    std::uint64_t steps_between(const LocalTraining& training) const {
        return period.in_steps(training.steps_per_epoch(), training.steps());
    }
    /// Where all meet after so many steps, and once more after the last.
    std::uint64_t meetings(const Work& work) const {
        const std::uint64_t every = period.in_steps(work.steps_per_epoch, work.steps);
        return (work.steps + every - 1) / every;
    }
    double meetings_a_step(const Work& work) const {
        return static_cast<double>(meetings(work)) / static_cast<double>(work.steps);
    }
    bool meets_after(std::uint64_t steps, const LocalTraining& training) const {
        return steps % steps_between(training) == 0 || steps == training.steps();
    }

    bool operator==(const LocalSteps&) const = default;
    static std::vector<option::Option<LocalSteps>> options();
};

}  // namespace lockstep::exchange
