#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "run/checkpoint/rank_state.hpp"

namespace lockstep::run {

/// What comes after a leg, for all ranks: nothing, since training is complete; the next leg; the next one
/// after a checkpoint; or, after a checkpoint, the end, since somebody has asked for it.
enum class LegEnd { complete, go_on, keep, stop };

/// The legs (exchange::Leg) of a run that makes checkpoints, as a world's ranks agree on them: where they
/// end, and what happens in between. `rank` is that of the caller, `elapsed_s` its clock.
class Legs {
  public:
    virtual ~Legs() = default;

    /// Collective, before the clock starts: what this rank goes on from, if the run does.
    virtual std::optional<RankState> begin(std::size_t rank) = 0;

    /// As exchange::Leg has them.
    virtual bool takes(std::uint64_t step, double elapsed_s) = 0;
    virtual std::uint64_t sure_until(double elapsed_s) = 0;
    /// On the first server; `steps` are those of a worker on average.
    virtual bool is_ending(std::uint64_t steps, double elapsed_s) = 0;

    /// This rank's leg has ended, after so many steps (RankState). Returns whether that is because the rank
    /// has done all, as far as it knows.
    virtual bool leave(std::size_t rank, std::uint64_t steps) = 0;
    /// Collective, after that. Where ranks share a process, all have stopped their clocks.
    virtual LegEnd end(double elapsed_s) = 0;
    /// Collective, after keep and stop: makes the checkpoint. Where ranks share a process, it is there when
    /// the last of them has been here. Where it cannot be written the run goes on with a warning, but one
    /// that is to stop fails: base::EnvironmentError, or comm::AgreedError, naming the file.
    virtual void keep(std::size_t rank, RankState state) = 0;
};

}  // namespace lockstep::run
