#include "calibration/measure_work.hpp"

#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "calibration/timed_steps.hpp"
#include "calibration/timed_updates.hpp"
#include "compression/error_feedback.hpp"
#include "run/evaluation.hpp"
#include "scenario/applicability.hpp"

namespace lockstep::calibration {
namespace {

/// Seconds of one execution, of so many in a row, over as many rows as the budget allows.
Fitted time_of(const comm::Communicator& communicator, double budget_s, std::size_t in_a_row,
               base::FunctionRef<void()> action) {
    constexpr std::size_t most_rows = 2000;
    action();
    const double began_s = communicator.now_s();
    std::vector<double> times_s;
    do {
        const double row_began_s = communicator.now_s();
        for (std::size_t i = 0; i < in_a_row; ++i) action();
        times_s.push_back((communicator.now_s() - row_began_s) / static_cast<double>(in_a_row));
    } while (communicator.now_s() - began_s < budget_s && times_s.size() < most_rows);
    const auto rows = static_cast<double>(times_s.size());
    const double mean_s = std::accumulate(times_s.begin(), times_s.end(), 0.0) / rows;
    return fitted(mean_s, of_mean(times_s, 1));
}

Fitted copies_Bps(const comm::Communicator& communicator, const WorkPlan& plan, std::span<const float> w) {
    base::FloatBuffer target(w.size());
    const auto bytes = static_cast<double>(w.size_bytes());
    constexpr std::size_t in_a_row = 10;  // a clock is rounded
    const Fitted copy_s = time_of(communicator, plan.vector_budget_s, in_a_row, [&] {
        backend::compute({bytes, backend::Kind::copy}, [&] { base::copy(target, w); });
    });
    return copy_s.lower > 0 ? inverse(bytes, copy_s) : Fitted();
}

/// Makes and reads codes of a vector, as the senders and receivers of gradients do.
class CodeTrial {
  public:
    CodeTrial(const exchange::Compressing& compressing, std::span<const base::Block> blocks,
              std::span<const float> vector)
        : codec_(compressing.codec(blocks)),
          vector_(vector),
          code_(codec_->words(vector.size())),
          room_(vector.size()) {
        if (compressing.compression->owes) feedback_.emplace(vector.size());
    }

    double flops() const {
        const std::size_t values = vector_.size();
        return codec_->encode_flops(values) + codec_->decode_flops(values) +
               (feedback_ ? feedback_->flops() + codec_->decode_flops(values) : 0);
    }

    void operator()() {
        base::RandomStream draws(1, base::Purpose::compression, 0, round_++);
        if (feedback_) {
            feedback_->add(vector_);
            feedback_->encode(*codec_, draws, code_);
        } else {
            codec_->encode(vector_, draws, code_);
        }
        codec_->decode(code_, room_);
    }

  private:
    std::unique_ptr<compression::Codec> codec_;
    std::span<const float> vector_;
    base::FloatBuffer code_;
    base::FloatBuffer room_;
    std::optional<compression::ErrorFeedback> feedback_;
    std::uint32_t round_ = 0;
};

/// Of the code that the run's gradients travel in; 0 where they travel as they are.
Fitted code_flops_per_s(const comm::Communicator& communicator, const scenario::Config& config,
                        const run::Problem& problem, const WorkPlan& plan, std::span<const float> vector) {
    if (!scenario::applies("compression", config) || config.compression->is_plain()) return {};
    CodeTrial trial(config, problem.blocks, vector);
    const Fitted time_s = time_of(communicator, plan.vector_budget_s, 1, [&] {
        backend::compute({trial.flops(), backend::Kind::code}, [&] { trial(); });
    });
    return time_s.lower > 0 ? inverse(trial.flops(), time_s) : Fitted();
}

/// The program's own evaluation of v, which is not part of any run's measured time.
double time_of_evaluation(const comm::Communicator& communicator, const run::Problem& problem,
                          std::span<const float> parameters) {
    const double began_s = communicator.now_s();
    run::Evaluator evaluate(problem);
    evaluate(parameters);
    return communicator.now_s() - began_s;
}

}  // namespace

std::vector<RankWork> measure_work(comm::Communicator& communicator, const scenario::Config& config,
                                   const run::Problem& problem, const WorkPlan& plan) {
    const std::size_t rank = communicator.rank();
    scenario::Config plain = config;
    plain.optimiser = scenario::OptimiserRule("sgd");
    TimedSteps steps(communicator, plain, problem, plan.progress);
    if (plan.progress != nullptr) plan.progress->begin("steps", plan.step_budget_s + plan.vector_budget_s, 0);
    RankWork work;
    work.host = backend::describe().host;
    steps.take_within(plan);
    steps.fill(work);
    communicator.barrier();
    work.copy_Bps = copies_Bps(communicator, plan, steps.parameters());
    communicator.barrier();
    work.code_flops_per_s = code_flops_per_s(communicator, config, problem, plan, steps.parameters());
    communicator.barrier();
    time_updates(communicator, config, problem, plan, steps, work);
    communicator.barrier();
    if (rank == 0) work.evaluation_s = time_of_evaluation(communicator, problem, steps.parameters());
    if (rank != 0) {
        communicator.send_bytes(base::pack(work), 0);
        return {};
    }
    std::vector<RankWork> all{std::move(work)};
    for (std::size_t other = 1; other < communicator.size(); ++other)
        all.push_back(base::unpack<RankWork>(communicator.receive_bytes(other)));
    return all;
}

}  // namespace lockstep::calibration
