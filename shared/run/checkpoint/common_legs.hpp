#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "run/checkpoint/checkpoints.hpp"
#include "run/checkpoint/dates.hpp"
#include "run/checkpoint/legs.hpp"
#include "run/joint_parameters.hpp"
#include "run/problem.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// The legs of ranks that share a process and take turns there, one object for all: who first comes to a step
/// decides whether the leg ends before it, for those who come later. That takes neither messages nor
/// simulated time.
class CommonLegs : public Legs {
  public:
    /// `joint` may be null; else it is kept as well.
    CommonLegs(const scenario::Config& config, const Problem& problem, Checkpoints& checkpoints,
               JointParameters* joint);

    std::optional<RankState> begin(std::size_t rank) override;
    bool takes(std::uint64_t step, double elapsed_s) override;
    std::uint64_t sure_until(double elapsed_s) override;
    bool is_ending(std::uint64_t steps, double elapsed_s) override;
    bool leave(std::size_t rank, std::uint64_t steps) override;
    LegEnd end(double elapsed_s) override;
    void keep(std::size_t rank, RankState state) override;

  private:
    /// Whether the leg is to end when so much has passed; notes why.
    bool is_due(std::uint64_t steps, double elapsed_s);

    std::uint64_t steps_;
    std::uint64_t steps_per_epoch_;
    std::size_t ranks_;
    std::size_t decider_;  ///< whose steps count: the first server, else rank 0
    Checkpoints& checkpoints_;
    JointParameters* joint_;
    double look_at_s_ = 0;  ///< whether somebody has asked to stop, by the wall clock
    CheckpointDates dates_;
    std::uint64_t sure_until_ = 0;          ///< all workers take the steps before
    std::uint64_t promised_ = 0;            ///< to those who asked until when they may be sure
    std::optional<std::uint64_t> ends_at_;  ///< this leg, before that step
    LegEnd end_ = LegEnd::complete;         ///< of this leg, as far as is known
    std::uint64_t ended_after_ = 0;         ///< so many steps of the decider
    std::size_t arrived_ = 0;               ///< at its end
    std::size_t taken_up_ = 0;              ///< states, by ranks that go on from them
    std::vector<std::vector<std::byte>> kept_;
    std::vector<std::byte> joint_kept_;
    std::size_t ranks_kept_ = 0;
};

}  // namespace lockstep::run
