#include "study/compare/compare.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "scenario/options/kinds.hpp"
#include "scenario/options/lists.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Config;

/// Every run that a comparison needs, each once: those of the methods first, then the timing-only ones.
class Plan {
  public:
    explicit Plan(const std::vector<Run>& runs) : runs_(runs) {
        for (const Run& run : runs) {
            timed_.push_back(timing_only_run(run.config));
            probes_.push_back(probes(run.config));
        }
        for (std::size_t i = 0; i < probes_.size(); ++i)
            for (const Probe& probe : probes_[i]) {
                add(runs[i].name, probe, probe.before);
                add(runs[i].name, probe, probe.after);
            }
    }

    std::vector<Run>& runs() { return runs_; }

    /// Of the method with that number; nothing where a run that it needs has no result.
    std::optional<Limit> limit(std::size_t method) const {
        std::vector<Gain> gains;
        for (const Probe& probe : probes_[method]) {
            const auto before_s = time_of(probe.before);
            const auto after_s = time_of(probe.after);
            if (!before_s || !after_s) return {};
            gains.push_back({probe.resource, *before_s, *after_s});
        }
        return find_limit(runs_[method].result->summary.elapsed_s, std::move(gains));
    }

  private:
    void add(const std::string& name, const Probe& probe, const Config& config) {
        if (std::ranges::find(timed_, config) != timed_.end()) return;
        timed_.push_back(config);
        Run& run = runs_.emplace_back();
        run.name = fmt::format("{} with ideal {}", name, study::name(probe.resource));
        run.config = config;
    }

    std::optional<double> time_of(const Config& config) const {
        const auto found = std::ranges::find(timed_, config);
        const Run& run = runs_[static_cast<std::size_t>(found - timed_.begin())];
        return run.result ? std::optional(run.result->summary.elapsed_s) : std::nullopt;
    }

    std::vector<Run> runs_;
    std::vector<Config> timed_;  ///< of each run, as it would be without arithmetic
    std::vector<std::vector<Probe>> probes_;
};

/// Of serial, which the others are compared with; null where it is not there or did not finish.
const result::Summary* serial_summary(const Comparison& comparison) {
    for (const Run& run : comparison.runs)
        if (run.config.method == scenario::Method::serial && run.result &&
            run.result->summary.outcome != result::Outcome::stalled)
            return &run.result->summary;
    return nullptr;
}

void add_speed_ups(MethodFindings& method, const result::Summary& summary, const result::Summary& serial) {
    if (summary.outcome == result::Outcome::stalled) return;
    method.speed_up = summary.samples_per_s / serial.samples_per_s;
    const double ratio = serial.time_to_target_s.value / summary.time_to_target_s.value;
    if (std::isfinite(ratio) && std::isfinite(summary.time_to_target_s.value))
        method.speed_up_to_target = ratio;
}

}  // namespace

std::vector<MethodRequest> parse_methods(const std::string& text, std::size_t default_workers) {
    constexpr std::string_view option = "--methods";
    std::vector<MethodRequest> methods;
    for (const std::string_view part : scenario::split_list(text)) {
        const MethodRequest request = parse_method_request(option, std::string(part), default_workers);
        if (std::ranges::find(methods, request) != methods.end())
            throw InputError(option, text, "each method once with as many workers",
                             fmt::format("{} is there twice", request.label()));
        methods.push_back(request);
    }
    if (methods.empty())
        throw InputError(option, text, "METHOD[:WORKERS] with commas between", "name at least one");
    return methods;
}

Comparison requested_comparison(const Config& scenario, const std::vector<MethodRequest>& methods) {
    Comparison comparison;
    const std::size_t most_workers = std::ranges::max_element(methods, {}, &MethodRequest::workers)->workers;
    for (const MethodRequest& request : methods) {
        Run& run = comparison.runs.emplace_back();
        run.name = request.label();
        run.config = config_for(scenario, request, most_workers);
        comparison.methods.push_back({request, {}, {}, {}, {}});
    }
    return comparison;
}

void compare(Comparison& comparison, const Launcher& launcher) {
    Plan plan(comparison.runs);
    const OnRunDone progress = progress_line(comparison.runs.front().config, plan.runs().size(), "runs");
    progress(0);
    do_runs(plan.runs(), launcher, "method", progress);
    const std::size_t methods = comparison.methods.size();
    for (std::size_t i = 0; i < methods; ++i) comparison.runs[i] = plan.runs()[i];
    const result::Summary* serial = serial_summary(comparison);
    for (std::size_t i = 0; i < methods; ++i) {
        const Run& run = comparison.runs[i];
        MethodFindings& method = comparison.methods[i];
        if (!run.result) continue;
        if (serial != nullptr) add_speed_ups(method, run.result->summary, *serial);
        if (run.result->summary.outcome == result::Outcome::stalled) {
            method.sentence = stall_sentence(run.name, *run.result);
        } else {
            method.limit = plan.limit(i);
            method.sentence = method.limit
                                  ? limit_sentence(run.name, *method.limit)
                                  : fmt::format("What limits {} is not known: a run failed.", run.name);
        }
    }
    for (std::size_t i = methods; i < plan.runs().size(); ++i)
        if (!plan.runs()[i].result) comparison.failed_probes.push_back(plan.runs()[i]);
}

ShareRange update_shares(const result::Result& result) {
    ShareRange range{1, 0};
    for (const result::Worker& worker : result.workers) {
        if (worker.is_server) continue;
        range.least = std::min(range.least, worker.update_share);
        range.most = std::max(range.most, worker.update_share);
    }
    return range;
}

}  // namespace lockstep::study
