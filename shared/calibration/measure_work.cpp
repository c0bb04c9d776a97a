#include "calibration/measure_work.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "backend/backend.hpp"
#include "base/vector_math.hpp"
#include "run/evaluation.hpp"
#include "run/network_training.hpp"

namespace lockstep::calibration {
namespace {

constexpr std::size_t first_steps = 10;

double median(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// One rank's steps, timed.
class TimedSteps {
  public:
    TimedSteps(comm::Communicator& communicator, const scenario::Config& config, const run::Problem& problem,
               Progress* progress)
        : communicator_(communicator),
          progress_(progress),
          trains_(communicator.rank() < config.workers),
          order_(problem.order),
          training_(problem, config, communicator.rank() % config.workers, nullptr),
          w_(problem.parameters),
          received_(problem.parameters) {
        problem.network.initialise(w_, config.seed);
    }

    /// Takes so many more; `work` gets the figures of these alone.
    void take(std::size_t steps, RankWork& work) {
        work.step_times_s.clear();
        work.step_times_s.reserve(steps);
        double wall_s = 0;
        Additions added;
        added.received_s.reserve(steps);
        added.again_s.reserve(steps);
        for (std::size_t i = 0; i < steps; ++i, ++next_) {
            const double before_s = backend::resource_use().compute_s;
            const double began_s = communicator_.now_s();
            if (trains_) training_.step(next_, w_);
            wall_s += communicator_.now_s() - began_s;
            const double time_s = backend::resource_use().compute_s - before_s;
            average(added);
            if (progress_ != nullptr) progress_->go_on();
            if (trains_ && order_.batch_size(next_ % order_.rounds_per_epoch()) == order_.largest_batch())
                work.step_times_s.push_back(time_s);
        }
        const auto values = static_cast<double>(w_.size());
        work.mean_step_s = wall_s / static_cast<double>(steps) * full_batches(steps);
        const double again_s = median(added.again_s);
        work.vector_flops_per_s = again_s > 0 ? values / again_s : 0;
        work.first_use_s_per_byte = std::max(median(added.received_s) - again_s, 0.0) / (4 * values);
    }

    std::span<float> parameters() { return w_; }

  private:
    /// Seconds of each addition of what has just been received, and of the same once more.
    struct Additions {
        std::vector<double> received_s;
        std::vector<double> again_s;
    };

    /// Swaps parameters with the neighbours and takes the mean.
    void average(Additions& added) {
        const std::size_t ranks = communicator_.size();
        if (ranks > 1) {
            const std::size_t rank = communicator_.rank();
            communicator_.send_receive(w_, (rank + 1) % ranks, received_, (rank + ranks - 1) % ranks);
        } else {
            base::copy(received_, w_);
        }
        added.received_s.push_back(time_of_addition());
        added.again_s.push_back(time_of_addition());
        base::scale(w_, 1.0F / 3);
    }

    double time_of_addition() {
        const double before_s = backend::resource_use().compute_s;
        backend::compute(static_cast<double>(w_.size()), [&] { base::add(w_, received_); });
        return backend::resource_use().compute_s - before_s;
    }

    /// By how much a full batch is larger than the mean of the last so many.
    double full_batches(std::size_t steps) const {
        double samples = 0;
        for (std::size_t i = next_ - steps; i < next_; ++i)
            samples += static_cast<double>(order_.batch_size(i % order_.rounds_per_epoch()));
        return static_cast<double>(order_.largest_batch() * steps) / samples;
    }

    comm::Communicator& communicator_;
    Progress* progress_;
    bool trains_;  ///< servers swap and average only
    const data::BatchOrder& order_;
    run::NetworkTraining training_;
    base::FloatBuffer w_;
    base::FloatBuffer received_;
    std::uint64_t next_ = 0;
};

/// The same number on all ranks, since they exchange after each step.
std::size_t agreed_steps(comm::Communicator& communicator, double seconds, double step_s) {
    const double steps = step_s > 0 ? seconds / step_s : 0;
    return static_cast<std::size_t>(communicator.agree_on_maximum(static_cast<int>(std::min(steps, 1e6))));
}

void time_steps(comm::Communicator& communicator, const WorkPlan& plan, TimedSteps& steps, RankWork& work) {
    const auto take = [&](std::size_t count) {
        communicator.barrier();
        const double began_s = communicator.now_s();
        steps.take(count, work);
        return (communicator.now_s() - began_s) / static_cast<double>(count);
    };
    const double step_s = take(first_steps);
    const std::size_t count = std::clamp(agreed_steps(communicator, plan.step_budget_s, step_s),
                                         plan.fewest_steps, plan.most_steps);
    take(count / 10);
    take(count);
}

/// Seconds of one execution, over as many as the budget allows.
double time_of(const comm::Communicator& communicator, double budget_s, base::FunctionRef<void()> action) {
    action();
    const double began_s = communicator.now_s();
    std::size_t done = 0;
    do {
        for (int i = 0; i < 10; ++i) action();
        done += 10;
    } while (communicator.now_s() - began_s < budget_s && done < 20000);
    return (communicator.now_s() - began_s) / static_cast<double>(done);
}

double copies_Bps(const comm::Communicator& communicator, const WorkPlan& plan, std::span<const float> w) {
    base::FloatBuffer target(w.size());
    const auto bytes = static_cast<double>(w.size_bytes());
    const double copy_s = time_of(communicator, plan.vector_budget_s, [&] {
        backend::compute({bytes, backend::Kind::copy}, [&] { base::copy(target, w); });
    });
    return copy_s > 0 ? bytes / copy_s : 0;
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
    TimedSteps steps(communicator, config, problem, plan.progress);
    if (plan.progress != nullptr)
        plan.progress->begin("steps", plan.step_budget_s + plan.vector_budget_s, plan.later_s);
    RankWork work;
    work.host = backend::describe().host;
    time_steps(communicator, plan, steps, work);
    communicator.barrier();
    work.copy_Bps = copies_Bps(communicator, plan, steps.parameters());
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
