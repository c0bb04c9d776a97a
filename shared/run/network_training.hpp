#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/function_ref.hpp"
#include "base/packing.hpp"
#include "data/batch_loader.hpp"
#include "events/recorder.hpp"
#include "exchange/optimiser.hpp"
#include "exchange/participant.hpp"
#include "run/problem.hpp"
#include "run/progress.hpp"
#include "scenario/config.hpp"

namespace lockstep::run {

/// One worker's SGD on its part of the data: what an exchange calls a step. In timing-only runs it only takes
/// time.
class NetworkTraining : public exchange::LocalTraining {
  public:
    /// `progress` and `recorder`, which is told of each step's number, may be null.
    NetworkTraining(const Problem& problem, const scenario::Config& config, std::size_t worker,
                    Progress* progress, events::Recorder* recorder = nullptr);

    /// Its first step is that number of the run: numbers below count from it, but for those of states.
    void begin_at(std::uint64_t first_step);

    std::uint64_t steps() const override { return problem_.steps(config_) - first_step_; }
    std::uint64_t steps_per_epoch() const override { return problem_.order.rounds_per_epoch(); }
    float learning_rate(std::uint64_t step) const override;
    exchange::Optimising optimising() const override { return config_; }
    std::span<const base::Block> blocks() const override { return problem_.blocks; }
    void step(std::uint64_t step, std::span<float> w) override;
    void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient) override;

    void gradient(std::uint64_t step, std::span<const float> w, std::span<float> gradient,
                  exchange::GradientWatcher& watcher) override;

    std::span<float> memory() override;

    /// What it goes on from where the run does.
    struct State {
        std::uint64_t steps_done = 0;
        std::vector<double> losses;
        std::vector<float> memory;

        friend void visit_fields(auto& archive, base::ConstOrNot<State> auto& state) {
            archive("steps_done", state.steps_done);
            archive("losses", state.losses);
            archive("memory", state.memory);
        }
    };
    State state();
    void go_on_from(State state);

    std::uint64_t steps_done() const { return steps_done_; }
    /// The loss of each step's batch before it, by its number in the run; empty in timing-only runs.
    const std::vector<double>& losses() const { return losses_; }
    /// Samples processed in the steps done.
    std::uint64_t samples_done() const { return samples(first_step_ + steps_done_) - samples(first_step_); }

  private:
    /// A step's batch, and by what its operations are multiplied.
    struct Step {
        std::size_t round;
        std::size_t samples;
        double time_factor;
    };
    Step start(std::uint64_t step);
    /// Gathers it; valid until the next.
    const model::Batch& batch(const Step& step);
    void finish(std::uint64_t step, double loss);
    /// Does `arithmetic`, which returns the batch's loss, as step number `step`, at the cost of plain SGD's
    /// step less `saved_flops`.
    void take(std::uint64_t step, double saved_flops,
              base::FunctionRef<double(const model::Batch& batch)> arithmetic);
    void make_optimiser();
    void phantom_gradient(const Step& step, exchange::GradientWatcher& watcher);
    void report(std::uint64_t step, double loss) const;
    /// Processed in the first `steps` steps of the run.
    std::uint64_t samples(std::uint64_t steps) const;

    const Problem& problem_;
    const scenario::Config& config_;
    std::size_t worker_;
    Progress* progress_;
    events::Recorder* recorder_;
    std::optional<data::BatchLoader> loader_;
    std::optional<model::Workspace> workspace_;
    model::Batch batch_;
    std::unique_ptr<exchange::Optimiser> optimiser_;  ///< other than plain SGD, of step()
    base::FloatBuffer gradient_;                      ///< for it
    std::vector<std::uint32_t> indices_;              ///< of an epoch's samples, in the order of use
    std::optional<std::uint64_t> epoch_of_indices_;
    std::vector<double> losses_;  ///< of each step
    std::uint64_t first_step_ = 0;
    std::uint64_t steps_done_ = 0;
};

}  // namespace lockstep::run
