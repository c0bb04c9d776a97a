#include "result/text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/terminal.hpp"
#include "base/units.hpp"
#include "result/fields.hpp"
#include "result/text_table.hpp"
#include "study/compare/compare.hpp"
#include "study/provenance_text.hpp"

namespace lockstep::study {
namespace {

using result::TextTable;
using Align = TextTable::Align;

std::string number(double value, int digits) {
    return base::format_number(value, {.decimals = digits});
}

std::string percent(double share) {
    return base::format_share(share);
}

std::string factor(const std::optional<double>& value) {
    return value ? base::format_number(*value, {.decimals = 2}) + "x" : "-";
}

std::string time_to_target(const result::Summary& summary, const base::ColumnUnit& times) {
    const double time_s = summary.time_to_target_s.value;
    if (std::isnan(time_s)) return "-";
    return std::isinf(time_s) ? std::string(result::never) : times.format(time_s);
}

/// Which of the columns that depend on the scenario are there.
struct Extras {
    bool target;
    bool budget;
    bool energy;
    base::ColumnUnit times;  ///< of both columns of times
};

Extras extras_of(const Comparison& comparison) {
    const scenario::Config& config = comparison.runs.front().config;
    const bool has_numerics = !scenario::timing_only(config);
    const auto uses_energy = [](const Run& run) {
        return run.result && std::isfinite(run.result->summary.energy_J);
    };
    std::vector<double> times_s;
    for (const Run& run : comparison.runs)
        if (run.result) times_s.push_back(run.result->summary.elapsed_s);
    return {scenario::target(config) && has_numerics, config.time_budget_s && has_numerics,
            std::ranges::any_of(comparison.runs, uses_energy), base::column_of_times(times_s)};
}

std::vector<TextTable::Column> columns(const scenario::Config& config, Extras extras) {
    std::vector<TextTable::Column> all{{"Method", Align::left}, {"Workers"},  {"Outcome", Align::left},
                                       {"Test loss"},           {"Accuracy"}, {"Time"}};
    if (extras.target) all.push_back({"To " + scenario::to_text(*scenario::target(config))});
    if (extras.budget) all.push_back({fmt::format("At {}", base::format_time(*config.time_budget_s))});
    all.push_back({"Speed-up"});
    if (extras.target) all.push_back({"To target"});
    for (const char* heading :
         {"Compute", "Communication", "Wait", "Transfer", "Idle", "Staleness", "Update share"})
        all.push_back({heading});
    if (extras.energy) all.push_back({"Energy"});
    return all;
}

std::vector<std::string> cells(const MethodFindings& method, const Run& run, Extras extras) {
    std::vector<std::string> all{std::string(run.config.method.name()),
                                 fmt::format("{}", run.config.workers)};
    if (!run.result) {
        all.emplace_back("failed");
        return all;
    }
    const result::Summary& summary = run.result->summary;
    const auto [least, most] = update_shares(*run.result);
    const bool has_staleness = !run.result->staleness.empty();
    all.insert(all.end(), {std::string(result::name(summary.outcome)), number(summary.test_loss, 4),
                           number(summary.test_accuracy, 4), extras.times.format(summary.elapsed_s)});
    if (extras.target) all.push_back(time_to_target(summary, extras.times));
    if (extras.budget) all.push_back(number(summary.accuracy_at_budget, 4));
    all.push_back(factor(method.speed_up));
    if (extras.target) all.push_back(factor(method.speed_up_to_target));
    for (const double share : {summary.compute_share, summary.communication_share(), summary.wait_share,
                               summary.transfer_share, summary.idle_fraction})
        all.push_back(percent(share));
    all.push_back(has_staleness ? number(summary.mean_staleness, 2) : "-");
    all.push_back(fmt::format("{}-{}", base::format_number(100 * least, {3, 1}), base::format_share(most)));
    if (extras.energy) all.push_back(base::format_energy(summary.energy_J));
    return all;
}

/// A warning where the time to the target is not known exactly.
std::string coarse_target(const MethodFindings& method, const Run& run) {
    if (!run.result || !run.result->summary.is_target_coarse()) return "";
    return base::in_lines(fmt::format("{} met the target {}.", method.request.label(),
                                      result::target_bracket(run.result->summary)));
}

}  // namespace

std::string to_text(const Comparison& comparison) {
    const Extras extras = extras_of(comparison);
    TextTable table(columns(comparison.runs.front().config, extras));
    std::string sentences;
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        const MethodFindings& method = comparison.methods[i];
        table.add_row(cells(method, comparison.runs[i], extras));
        if (!method.sentence.empty()) sentences += base::in_lines(method.sentence);
        sentences += coarse_target(method, comparison.runs[i]);
    }
    return fmt::format(
        "{}\n{}\n{}", table.render(), sentences,
        provenance_text(comparison.runs, World::simulated) + expected_error_text(comparison.runs));
}

}  // namespace lockstep::study
