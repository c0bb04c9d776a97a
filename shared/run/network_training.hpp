#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "data/batch_loader.hpp"
#include "exchange/participant.hpp"
#include "run/problem.hpp"
#include "run/progress.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// One worker's SGD on its part of the data: what an exchange calls a step. In timing-only runs it only takes
/// time.
class NetworkTraining : public exchange::LocalTraining {
  public:
    /// `progress` may be null.
    NetworkTraining(const Problem& problem, const scenario::Config& config, std::size_t worker,
                    Progress* progress);

    std::uint64_t steps() const override { return problem_.steps(config_); }
    void step(std::uint64_t step, std::span<float> w) override;

    std::uint64_t steps_done() const { return steps_done_; }
    /// The loss of each step's batch before it; empty in timing-only runs.
    const std::vector<double>& losses() const { return losses_; }
    /// Samples processed in `steps` steps.
    std::uint64_t samples(std::uint64_t steps) const;

  private:
    void start_epoch(std::uint64_t epoch);
    void report(std::uint64_t step, double loss) const;

    const Problem& problem_;
    const scenario::Config& config_;
    std::size_t worker_;
    Progress* progress_;
    std::optional<data::BatchLoader> loader_;
    std::optional<model::Workspace> workspace_;
    std::vector<std::uint32_t> indices_;  ///< of this epoch's samples, in the order of use
    double rate_ = 0;                     ///< learning rate of this epoch
    std::vector<double> losses_;          ///< of each step
    std::uint64_t steps_done_ = 0;
};

}  // namespace lockstep::run
