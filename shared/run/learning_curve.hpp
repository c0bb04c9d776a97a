#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "model/network.hpp"
#include "result/result.hpp"
#include "run/snapshot.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// How well the shared parameters did at the moments at which they were kept, in order of time. A moment is
/// tested when somebody asks for it, and once.
///
/// A single test says little about where a target is first met: stochastic gradients throw the parameters
/// about, and of many tests some are lucky. So a moment counts as what is in the middle of (the median of)
/// the tests from two moments before it to two after it; of fewer, but as many on each side, next to the
/// ends.
class LearningCurve {
  public:
    /// Tests the parameters kept at a moment.
    using Test = std::function<model::Evaluation(const Snapshot&)>;

    /// `snapshots` must outlive this.
    LearningCurve(std::span<const Snapshot> snapshots, Test test);

    const model::Evaluation& tested(std::size_t moment);
    bool is_tested(std::size_t moment) const { return tests_[moment].has_value(); }

    /// When the target was first met: by the moments' medians, between the last that is on this side of it
    /// and the first on the other, linear in between. Of the moments that are tested in any case, or to scan
    /// for it, the first that meets it alone and by its median ends the search among those; between it and
    /// the one before the two sides are found by bisection. A later loss of the target changes nothing.
    /// The energy until then stays unknown where the moments have none.
    ///
    /// Cost: the scan until then, and five tests for each halving.
    void find(const scenario::Target& target, result::Measures& measures);

    /// The accuracy at that time, linear between the medians of the moments before and after it; that of the
    /// last test where training had ended by then.
    double accuracy_at(double time_s);

  private:
    double median(std::size_t moment, scenario::Target::Of of);
    std::optional<std::size_t> first_to_meet(const scenario::Target& target);
    std::size_t scanned_before(std::size_t moment) const;

    std::span<const Snapshot> snapshots_;
    Test test_;
    std::vector<std::optional<model::Evaluation>> tests_;
};

}  // namespace lockstep::run
