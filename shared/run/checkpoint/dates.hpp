#pragma once

#include <cstdint>

#include "scenario/config.hpp"

namespace lockstep::run {

/// When checkpoints of a run are due: at all multiples of an interval, on the run's own clock or in steps. So
/// a run that goes on from one has the same dates ahead as if it had not been interrupted.
class CheckpointDates {
  public:
    /// As --checkpoint-every says, or, where it does not, that far apart and at least a hundred steps.
    CheckpointDates(const scenario::Config& config, std::uint64_t steps_per_epoch,
                    scenario::CheckpointInterval unless_asked);

    /// Whether the next one is due when so much time has passed and workers have taken so many steps.
    bool is_due(double elapsed_s, std::uint64_t steps) const;
    /// How many steps are still to be taken before it is, as fast as those before; at least 1.
    std::uint64_t steps_ahead(double elapsed_s, std::uint64_t steps) const;
    /// The next one is that after this moment.
    void pass(double elapsed_s, std::uint64_t steps);

  private:
    double every_s_ = 0;             ///< 0: they are counted in steps
    std::uint64_t every_steps_ = 0;  ///< 0: they are counted in seconds
    std::uint64_t least_steps_ = 0;  ///< from one to the next
    double next_s_ = 0;
    std::uint64_t next_steps_ = 0;
};

}  // namespace lockstep::run
