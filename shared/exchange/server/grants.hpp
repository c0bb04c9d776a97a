#pragma once

#include <cstddef>
#include <cstdint>

namespace lockstep::exchange {

/// How workers whose order nobody knows beforehand share c times the steps of one. Each has a first grant,
/// known to all; the first server's replies hand out further ones of `period` steps, until all are given away
/// and replies are marked as the last. What does not fill a whole period is in worker 0's first grant, so no
/// reply has to say how much it grants, and just c times the steps are taken.
///
/// Example: 3 workers of 5 steps, period 2: first grants 1, 2, 2; then five of 2 to whoever comes; 15 in all.
/// With 1 step and period 2: first grants 1, 1, 1, and no other.
class Grants {
  public:
    Grants(std::uint64_t steps, std::size_t workers, std::uint64_t period);

    std::uint64_t total() const { return total_; }
    /// Steps until the worker's first reply; none in a run without steps.
    std::uint64_t first(std::size_t worker) const;
    /// Steps from a reply that is not the last to the next one.
    std::uint64_t period() const { return period_; }

    /// Takes one of those that are left, if any is.
    bool take();
    /// Steps that are left to be granted: to be kept where a run is interrupted.
    std::uint64_t& left() { return left_; }

    /// In the whole run, one at the end of each grant.
    std::uint64_t replies() const;
    /// In the whole run, where a worker sends after every `every` steps of a grant and at its end.
    std::uint64_t pushes(std::uint64_t every) const;

  private:
    std::uint64_t total_;
    std::size_t workers_;
    std::uint64_t period_;
    std::uint64_t first_;           ///< of all workers but the first
    std::uint64_t first_of_first_;  ///< of worker 0
    std::uint64_t left_;            ///< steps not granted yet, a multiple of the period
};

}  // namespace lockstep::exchange
