#include "calibration/timed_updates.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "backend/backend.hpp"
#include "base/float_buffer.hpp"
#include "base/vector_math.hpp"
#include "exchange/method.hpp"
#include "exchange/server/server_parts.hpp"
#include "option/lists.hpp"

namespace lockstep::calibration {
namespace {

using exchange::UpdateKernel;

struct UpdatesOfRank {
    std::size_t values;  ///< of its vectors: on a server those of its part
    std::vector<UpdateKernel> kernels;
};

UpdatesOfRank updates_on(std::size_t rank, const exchange::Method& method, const scenario::Config& config,
                         const run::Problem& problem) {
    exchange::Work work = problem.work(config);
    if (rank < config.workers) return {work.values, method.worker_updates(config, work)};
    work.values = exchange::part_of(work.values, method.server_count(), rank - config.workers).size;
    return {work.values, method.server_updates(config, work)};
}

/// The vector that a kernel is given, in a cache that looks as it does then.
class GivenValues {
  public:
    explicit GivenValues(TimedSteps& steps) : steps_(steps), values_(steps.parameters().size()) {}

    /// Others each time, and about as large as parameters: kernels draw vectors together, and what is left of
    /// a value that dies out is denormal, with which processors are slow.
    std::span<float> next() {
        std::ranges::fill(values_.span(), 0.0F);
        steps_.take_gradient(values_);
        sign_ = -sign_;
        base::add_scaled(values_, steps_.parameters(), sign_);
        return values_;
    }

  private:
    TimedSteps& steps_;
    base::FloatBuffer values_;
    float sign_ = 1;
};

/// Seconds of one execution, by the rank's clock inside its arithmetic.
Fitted time_of_kernel(const comm::Communicator& communicator, const UpdateKernel& kernel,
                      std::span<const float> start, GivenValues& given, double budget_s) {
    constexpr std::size_t most_times = 2000;
    const UpdateKernel::Action action = kernel.make(start);
    const auto once = [&] {
        const std::span<float> values = given.next().first(start.size());
        const double before_s = backend::resource_use().compute_s;
        action(values);
        return backend::resource_use().compute_s - before_s;
    };
    once();
    const double began_s = communicator.now_s();
    std::vector<double> times_s;
    do {
        times_s.push_back(once());
    } while (communicator.now_s() - began_s < budget_s && times_s.size() < most_times);
    return median_of(std::move(times_s));
}

}  // namespace

void time_updates(const comm::Communicator& communicator, const scenario::Config& config,
                  const run::Problem& problem, const WorkPlan& plan, TimedSteps& steps, RankWork& work) {
    const auto method = scenario::method_of(config);
    const auto [values, kernels] = updates_on(communicator.rank(), *method, config, problem);
    if (kernels.empty()) return;
    const std::span<const float> start = steps.parameters().first(values);
    GivenValues given(steps);
    const double budget_s = plan.vector_budget_s / static_cast<double>(kernels.size());
    for (const UpdateKernel& kernel : kernels) {
        const Fitted time_s = time_of_kernel(communicator, kernel, start, given, budget_s);
        work.update_flops += kernel.a_step * kernel.flops;
        work.update_s = sum(work.update_s, scaled(time_s, kernel.a_step));
    }
}

std::string updates_of(const scenario::Config& config, const run::Problem& problem) {
    const auto method = scenario::method_of(config);
    std::vector<std::string> names;
    for (const std::size_t rank : {std::size_t{0}, config.workers}) {
        if (rank == scenario::rank_count(config)) break;  // there is no server
        for (const UpdateKernel& kernel : updates_on(rank, *method, config, problem).kernels)
            if (std::ranges::count(names, kernel.name) == 0) names.push_back(kernel.name);
    }
    return names.empty() ? "none" : option::joined(names, ", ");
}

}  // namespace lockstep::calibration
