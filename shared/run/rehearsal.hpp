#pragma once

#include <functional>
#include <optional>

#include "result/estimate.hpp"
#include "result/result.hpp"
#include "run/problem.hpp"
#include "run/progress.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// The first steps of a run, which tell what the whole will take: the same on all ranks, with the data, ranks
/// and messages of the whole, tested as often an epoch, but without anything that it would write.
///
/// Use: run config() on problem() with progress(), as the run itself would be, then ask for the estimate().
class Rehearsal {
  public:
    /// Loads the data, where nobody has. `wall_clock_s` tells seconds since any fixed moment. Errors: as
    /// load_problem().
    Rehearsal(const scenario::Config& whole, std::function<double()> wall_clock_s,
              std::shared_ptr<const data::Dataset> dataset = nullptr);
    Rehearsal(const Rehearsal&) = delete;
    Rehearsal& operator=(const Rehearsal&) = delete;

    const scenario::Config& config() const { return config_; }
    const Problem& problem() const { return problem_; }
    /// Watches the steps of rank 0.
    Progress& progress() { return progress_; }

    /// Right after the rehearsal. Steps, messages, bytes are those of the whole run, exactly, and so is the
    /// memory of simulated ranks; wall time is that of the rehearsal's steps and tests, as many times as the
    /// run has them. `skipped_s` is what its steps would have taken besides, had emulated processors slept.
    result::Estimate estimate(const result::Result& rehearsed, double skipped_s = 0) const;

  private:
    struct Moment {
        double at_s;
        double steps;  ///< done by then
    };
    double wall_s() const;

    const scenario::Config& whole_config_;
    std::function<double()> wall_clock_s_;
    double began_s_;
    Problem whole_;
    scenario::Config config_;
    Problem problem_;
    std::optional<Moment> first_;
    Moment last_{};
    Progress progress_;
};

}  // namespace lockstep::run
