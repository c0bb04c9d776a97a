#include "study/compare/compare.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "option/lists.hpp"
#include "scenario/options/options.hpp"
#include "study/compare/counterfactuals.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Config;

/// What is being found out about a run that finished.
struct Enquiry {
    std::size_t method;  ///< its number in the comparison
    Counterfactuals counterfactuals;
    bool is_answered = true;  ///< every counterfactual run has a result
};

/// Does one round of counterfactual runs of all methods together. Adds those that failed to the comparison.
void make_round(std::size_t round, std::vector<Enquiry>& enquiries, Comparison& comparison,
                const Launcher& launcher) {
    std::vector<Run> runs;
    std::vector<std::pair<Enquiry*, Probe>> askers;  // of each run
    for (Enquiry& enquiry : enquiries) {
        if (!enquiry.is_answered) continue;
        for (Probe& probe : enquiry.counterfactuals.probes(round)) {
            Run& run = runs.emplace_back();
            run.name = fmt::format("{} {}", comparison.runs[enquiry.method].name, probe.name());
            run.config = probe.config;
            askers.emplace_back(&enquiry, std::move(probe));
        }
    }
    if (runs.empty()) return;
    const OnRunDone progress =
        progress_line(comparison.runs.front().config, runs.size(), "counterfactual runs");
    progress(0);
    do_runs(runs, launcher, "method", progress);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto& [enquiry, probe] = askers[i];
        if (runs[i].result && runs[i].result->summary.outcome != result::Outcome::stalled)
            enquiry->counterfactuals.take(probe, runs[i].result->summary.elapsed_s);
        else
            enquiry->is_answered = false;
        if (!runs[i].result) comparison.failed_probes.push_back(std::move(runs[i]));
    }
}

/// Of serial, which the others are compared with; null where it is not there or did not finish.
const result::Summary* serial_summary(const Comparison& comparison) {
    for (const Run& run : comparison.runs)
        if (run.config.method->traits->is_alone && run.result &&
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
    for (const std::string_view part : option::split_list(text)) {
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
    const std::vector<Run>& runs = comparison.runs;
    const OnRunDone progress = progress_line(runs.front().config, runs.size(), "runs");
    progress(0);
    do_runs(comparison.runs, launcher, "method", progress);
    const result::Summary* serial = serial_summary(comparison);
    std::vector<Enquiry> enquiries;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!runs[i].result) continue;
        if (serial != nullptr) add_speed_ups(comparison.methods[i], runs[i].result->summary, *serial);
        if (runs[i].result->summary.outcome == result::Outcome::stalled)
            comparison.methods[i].sentence = stall_sentence(runs[i].name, *runs[i].result);
        else
            enquiries.push_back({i, Counterfactuals(*runs[i].result)});
    }
    for (std::size_t round = 0; round < Counterfactuals::rounds; ++round)
        make_round(round, enquiries, comparison, launcher);
    for (const Enquiry& enquiry : enquiries) {
        const Run& run = runs[enquiry.method];
        MethodFindings& method = comparison.methods[enquiry.method];
        if (enquiry.is_answered) method.limit = enquiry.counterfactuals.limit();
        method.sentence = method.limit ? limit_sentence(run.name, *method.limit, run.config)
                                       : fmt::format("What limits {} is not known: a run failed.", run.name);
    }
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
