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

/// A test on some of the test samples: what it says of all of them, and by how much that may be off.
struct SampledTest {
    model::Evaluation mean;
    model::Evaluation standard_error;
};

/// How well the shared parameters did at the moments among which a target is looked for, in order of time:
/// those kept for a search, the first and the last. What else is kept for tests has no part in it, so that no
/// answer depends on how often parameters are tested.
///
/// A single test says little about where a target is first met: stochastic gradients throw the parameters
/// about, and of many tests some are lucky. So a moment counts as what is in the middle of (the median of)
/// the tests from two moments before it to two after it; of fewer, but as many on each side, next to the
/// ends.
class LearningCurve {
  public:
    struct Test {
        std::function<model::Evaluation(const Snapshot&)> all;
        std::function<SampledTest(const Snapshot&)> some;
    };

    /// `snapshots` must outlive this.
    LearningCurve(std::span<const Snapshot> snapshots, Test test);

    const model::Evaluation& tested(std::size_t snapshot);
    bool is_tested(std::size_t snapshot) const { return tests_[snapshot].has_value(); }

    /// When the target was first met: by the medians, of the first moment that meets it and the one before,
    /// linear in between. A later loss of the target changes nothing.
    /// The energy until then stays unknown where the moments have none.
    ///
    /// Cost: every moment until then is tested on some samples, and on all of them where those leave it open
    /// whether the target is met: where it is not six standard errors away.
    void find(const scenario::Target& target, result::Measures& measures);

    /// The accuracy at that time, linear between the medians of the moments before and after it; that of the
    /// last test where training had ended by then.
    double accuracy_at(double time_s);

  private:
    const Snapshot& at(std::size_t moment) const { return snapshots_[moments_[moment]]; }
    /// Of the moments on each side of this one whose tests count.
    std::size_t sides(std::size_t moment) const;
    double median(std::size_t moment, scenario::Target::Of of);
    bool is_met_alone(std::size_t moment, const scenario::Target& target);
    bool is_met(std::size_t moment, const scenario::Target& target);

    std::span<const Snapshot> snapshots_;
    Test test_;
    std::vector<std::optional<model::Evaluation>> tests_;
    std::vector<std::size_t> moments_;        ///< as places in snapshots_
    std::vector<bool> is_known_to_be_short_;  ///< of each moment
};

}  // namespace lockstep::run
