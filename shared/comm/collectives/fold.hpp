#pragma once

#include <bit>
#include <cstddef>
#include <optional>
#include <span>

#include "comm/collectives/group.hpp"

namespace lockstep::comm {

/// For algorithms that need a power of two: of p = p' + r ranks, the first 2 r pair up. Each even one of them
/// hands its vector to its odd neighbour before, sits out, and gets the result after.
///
/// Example, p = 6: p' = 4, r = 2. Pairs (0,1) and (2,3); ranks 1, 3, 4, 5 take part, as positions 0, 1, 2, 3.
class Fold {
  public:
    explicit Fold(const Group& group)
        : size_(std::bit_floor(group.size())), surplus_(group.size() - size_), rank_(group.rank()) {}

    /// Ranks that take part: p'.
    std::size_t size() const { return size_; }
    /// This rank's position among them, or nothing where it sits out.
    std::optional<std::size_t> position() const {
        if (rank_ >= 2 * surplus_) return rank_ - surplus_;
        if (rank_ % 2 == 1) return rank_ / 2;
        return std::nullopt;
    }
    /// The rank at a position.
    std::size_t rank_at(std::size_t position) const {
        return position < surplus_ ? 2 * position + 1 : position + surplus_;
    }

    /// Before: sums of the pairs end on their odd ranks.
    void gather(const Group& group, std::span<float> vector, std::span<float> scratch) const;
    /// After: the odd ranks hand the result back.
    void scatter(const Group& group, std::span<float> vector) const;

  private:
    bool paired() const { return rank_ < 2 * surplus_; }

    std::size_t size_;
    std::size_t surplus_;
    std::size_t rank_;
};

}  // namespace lockstep::comm
