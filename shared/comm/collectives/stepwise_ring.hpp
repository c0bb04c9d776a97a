#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "comm/collectives/group.hpp"

namespace lockstep::comm {

/// allreduce_ring step by step, between which the rank may do something else: the same messages, the same
/// sums, the same bits.
///
/// Collective over the group; all its ranks must start their rings in the same order, one after the other.
/// Shapes: as for allreduce_ring; vector and scratch must outlive it.
class StepwiseRing {
  public:
    /// Sends what can be sent.
    StepwiseRing(const Group& group, std::span<float> vector, std::span<float> scratch);

    /// Goes on as far as messages have arrived, without blocking; says whether the sum is complete.
    bool advance();
    /// Goes on to the end.
    void finish();

  private:
    std::span<float> chunk(std::size_t index) const;
    bool is_done() const { return step_ == 2 * (group_.size() - 1); }
    bool reduces() const { return step_ + 1 < group_.size(); }
    /// Where the chunk of this step ends up.
    std::span<float> target() const;
    void start_step();
    /// Uses what has arrived and starts the next step.
    void complete_step();

    Group group_;
    std::span<float> vector_;
    std::span<float> scratch_;
    std::size_t step_ = 0;
    std::array<Request, 2> messages_;
};

}  // namespace lockstep::comm
