#include "study/fit/prediction.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "study/launch/runs.hpp"

namespace lockstep::study {
namespace {

/// Of a sample, so many multiply-adds that the update of the parameters is next to nothing.
constexpr double multiply_adds_a_parameter = 1e4;
constexpr double operations_a_multiply_add = 6;  // forward and backward
constexpr double as_good_as_infinite_flops = 1e18;

/// Steps in whole periods, at least as many as are asked for.
std::size_t whole_periods(std::size_t steps, std::size_t period) {
    return (steps + period - 1) / period * period;
}

/// Each step of each worker takes one sample.
void give_steps(scenario::Config& config, std::size_t steps) {
    const std::size_t most_steps = most_predicted_steps(config.workers);
    if (steps > most_steps)
        throw base::InputError("--steps", fmt::format("{} steps of {} workers", steps, config.workers),
                               fmt::format("at most {}, in whole periods", most_steps),
                               "predict fewer steps, or a shorter period");
    config.train_samples = steps * config.workers;
    config.epochs = 1;
}

/// Which end of the interval is simulated.
enum class End { expected, fastest, slowest };

scenario::Config config_of_prediction(const PredictionRequest& request, const FitRequest& asked,
                                      const ClusterFit& fit, End end) {
    constexpr double bucket_B = 25.0 * 1024 * 1024;
    const LinkSettings& links = end == End::expected  ? request.links.expected
                                : end == End::fastest ? *request.links.fastest
                                                      : *request.links.slowest;
    scenario::Config config = config_on(links, fit);
    config.method = request.method.method;
    config.workers = asked.workers;
    config.collective = fit.collective;
    if (request.period) config.period = {.steps = *request.period};
    if (request.method.overlaps && end != End::slowest)
        config.buckets =
            static_cast<std::size_t>(std::ceil(4 * static_cast<double>(fit.parameters) / bucket_B));
    give_steps(config, whole_periods(asked.steps, request.period.value_or(1)));
    return config;
}

double step_of(const Run& run, std::size_t steps) {
    if (!run.result) throw base::EnvironmentError(fmt::format("prediction of {}: {}", run.name, run.failure));
    return run.result->summary.elapsed_s / static_cast<double>(steps);
}

/// A prediction with the places of its runs among all runs.
struct PlannedPrediction {
    Prediction prediction;
    std::size_t expected = 0;
    std::optional<std::size_t> fastest;
    std::optional<std::size_t> slowest;
};

class PredictionPlan {
  public:
    PredictionPlan(const FitRequest& asked, const ClusterFit& fit) : asked_(asked), fit_(fit) {}

    void add(const PredictionRequest& request) {
        PlannedPrediction planned;
        planned.prediction = {request,
                              whole_periods(asked_.steps, request.period.value_or(1)),
                              {},
                              {},
                              closed_form_of(request, fit_)};
        planned.expected = add_run(request, End::expected);
        if (request.links.fastest) planned.fastest = add_run(request, End::fastest);
        if (request.links.slowest) planned.slowest = add_run(request, End::slowest);
        planned_.push_back(std::move(planned));
    }

    std::vector<Prediction> run(const Launcher& launcher) {
        do_runs(runs_, launcher, "prediction of", progress_line({}, runs_.size(), "runs"));
        std::vector<Prediction> all;
        for (PlannedPrediction& planned : planned_) {
            Prediction& prediction = planned.prediction;
            const LinkCase& links = prediction.request.links;
            const auto time_s = [&](std::size_t run) { return step_of(runs_[run], prediction.steps); };
            const auto wall_s = [&](double step_s, const LinkSettings& settings) {
                return wall_time_s(asked_.steps, prediction.request.period.value_or(1), step_s,
                                   settings.step_s);
            };
            prediction.step_s.value = time_s(planned.expected);
            prediction.wall_s.value = wall_s(prediction.step_s.value, links.expected);
            if (planned.fastest && planned.slowest) {
                prediction.step_s.low = std::min(time_s(*planned.fastest), prediction.step_s.value);
                prediction.step_s.high = std::max(time_s(*planned.slowest), prediction.step_s.value);
                prediction.wall_s.low = wall_s(prediction.step_s.low, *links.fastest);
                prediction.wall_s.high = wall_s(prediction.step_s.high, *links.slowest);
            }
            all.push_back(std::move(prediction));
        }
        return all;
    }

  private:
    /// Returns its place. Ends that are what is expected are not simulated again.
    std::size_t add_run(const PredictionRequest& request, End end) {
        scenario::Config config = config_of_prediction(request, asked_, fit_, end);
        if (end != End::expected && config == runs_.back().config) return runs_.size() - 1;
        Run& run = runs_.emplace_back();
        run.name = fmt::format("{}@{}", request.label(), request.links.name);
        run.config = std::move(config);
        return runs_.size() - 1;
    }

    const FitRequest& asked_;
    const ClusterFit& fit_;
    std::vector<Run> runs_;
    std::vector<PlannedPrediction> planned_;
};

}  // namespace

scenario::Config config_on(const LinkSettings& links, const ClusterFit& fit) {
    const auto parameters = static_cast<double>(fit.parameters);
    scenario::Config config;
    config.model = "phantom";
    config.parameters = parameters;
    config.flops_per_sample = multiply_adds_a_parameter * parameters;
    config.batch = 1;
    config.numerics = scenario::Numerics::none;
    config.speed_flops = operations_a_multiply_add * multiply_adds_a_parameter * parameters / links.step_s;
    config.vector_speed_flops = as_good_as_infinite_flops;
    config.latency_s = links.latency_s;
    config.bandwidth_Bps = links.bandwidth_Bps;
    return config;
}

double wall_time_s(std::size_t steps, std::size_t period, double simulated_step_s, double step_alone_s) {
    const std::size_t rest = steps % period;
    return static_cast<double>(steps - rest) * simulated_step_s + static_cast<double>(rest) * step_alone_s;
}

std::optional<double> closed_form_of(const PredictionRequest& request, const ClusterFit& fit) {
    if (!request.method.sums_all_parameters() || request.method.overlaps) return std::nullopt;
    const LinkSettings& links = request.links.expected;
    return links.step_s + fit.path.time_s(links.latency_s, links.bandwidth_Bps) /
                              static_cast<double>(request.period.value_or(1));
}

std::vector<Prediction> predict(std::span<const PredictionRequest> requests, const FitRequest& fit_request,
                                const ClusterFit& fit, const Launcher& launcher) {
    PredictionPlan plan(fit_request, fit);
    for (const PredictionRequest& request : requests) plan.add(request);
    return plan.run(launcher);
}

}  // namespace lockstep::study
