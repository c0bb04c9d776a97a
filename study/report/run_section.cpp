#include "study/report/run_section.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/units.hpp"
#include "option/lists.hpp"
#include "result/expected_error.hpp"
#include "result/fields.hpp"
#include "result/text.hpp"
#include "scenario/options/options.hpp"
#include "study/report/advice/advise.hpp"
#include "study/report/counterfactual_command.hpp"
#include "study/report/run_charts.hpp"
#include "study/report/timeline_chart.hpp"

namespace lockstep::study {
namespace {

using result::Result;
using result::Summary;

HtmlCell at_target(const result::AtTarget& figure, HtmlCell (*cell)(double)) {
    return figure.value == result::AtTarget::never ? HtmlCell(std::string(result::never))
                                                   : cell(figure.value);
}

HtmlCell joules_cell(double energy_J) {
    return std::isfinite(energy_J) ? HtmlCell(base::format_energy(energy_J), energy_J) : HtmlCell("-");
}

std::string against(std::optional<std::uint64_t> counted, std::optional<std::uint64_t> predicted) {
    if (!counted) return "hidden in MPI's own collective";
    if (!predicted) return "counted; there is no closed form";
    return counted == predicted ? "as the closed form says"
                                : fmt::format("the closed form says {}", *predicted);
}

HtmlTable summary_table(const Result& result) {
    const Summary& summary = result.summary;
    HtmlTable table{"Summary", {{"Figure", false}, {"Value"}, {"Remark", false}}, {}};
    const auto add = [&](const char* name, HtmlCell value, std::string remark) {
        table.rows.push_back({name, std::move(value), std::move(remark)});
    };
    add("Outcome", std::string(result::name(summary.outcome)), result.provenance.abort_cause);
    add("Test loss", number_cell(summary.test_loss), "of the final shared parameters");
    add("Test accuracy", number_cell(summary.test_accuracy), "likewise");
    std::vector<std::string> of_time = result::ranges_of_time(result);
    of_time.push_back(result::source_of_time(result));
    add("Time", time_cell(result::typical_time_s(result)), option::joined(of_time, "; "));
    if (const auto& error = result.expected_error)
        add("Expected error", result::bound_of(*error), result::basis_of(*error));
    add("Computing", share_cell(summary.compute_share), "of the workers' time");
    add("Communicating", share_cell(summary.communication_share()), "waiting and in transfer");
    add("Waiting", share_cell(summary.wait_share), "for a partner that had not begun or did other things");
    add("In transfer", share_cell(summary.transfer_share), "while messages were on their way");
    if (!std::isnan(summary.time_to_target_s.value))
        add("Time to target", at_target(summary.time_to_target_s, time_cell),
            result::target_bracket(summary));
    if (std::isfinite(summary.accuracy_at_budget))
        add("Accuracy at budget", number_cell(summary.accuracy_at_budget), "");
    if (std::isfinite(summary.energy_J)) add("Energy", joules_cell(summary.energy_J), "of hosts and links");
    add("Samples a second", number_cell(summary.samples_per_s, 0), "of all workers");
    add("Updates", count_cell(summary.updates), "of the shared parameters");
    add("Mean staleness", number_cell(summary.mean_staleness, 2), "versions");
    add("Messages", count_cell(summary.messages), against(summary.messages, summary.predicted_messages));
    const std::string prediction = against(summary.bytes, summary.predicted_bytes);
    add("Bytes", summary.bytes ? bytes_cell(static_cast<double>(*summary.bytes)) : HtmlCell("-"),
        summary.bytes ? fmt::format("{}, {}", *summary.bytes, prediction) : prediction);
    add("CPU",
        std::isfinite(summary.cpu_percent)
            ? HtmlCell(base::format_share(summary.cpu_percent / 100), summary.cpu_percent)
            : HtmlCell("-"),
        std::string(result::cpu_and_memory(result.provenance)) + ", of all cores");
    add("Memory", bytes_cell(summary.memory_bytes), std::string(result::cpu_and_memory(result.provenance)));
    if (!summary.parameters_digest.empty())
        add("Parameters", summary.parameters_digest, "digest; equal where the parameters are, bit for bit");
    if (!summary.replay.empty()) add("Replay", summary.replay, "against the recorded run");
    return table;
}

HtmlTable provenance_table(const result::Provenance& provenance) {
    HtmlTable table{"Provenance", {{"", false}, {"", false}}, {}};
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) table.rows.push_back({name, value});
    };
    add("World", provenance.world);
    add("Backend", provenance.backend);
    add("Platform", provenance.platform);
    add("Data", provenance.data_description);
    add("lockstep", fmt::format("{} ({})", provenance.lockstep_version, provenance.git_revision));
    add("Compiler", fmt::format("{}, {}", provenance.compiler, provenance.instruction_set));
    add("Products", provenance.products);
    add("Started by", provenance.launcher);
    add("Ran on", provenance.host);
    add("Started", provenance.started_utc);
    add("Took", base::format_time(provenance.wall_s));
    add("More ranks than cores", provenance.oversubscribed ? "yes: its times mean nothing" : "");
    if (provenance.calibrated)
        add("Calibrated", fmt::format("on {}, {} days before{}{}", provenance.calibration_host,
                                      fmt::format("{:.1f}", provenance.calibration_age_days.value_or(0)),
                                      provenance.calibration_changes.empty() ? "" : ", changed since: ",
                                      provenance.calibration_changes));
    return table;
}

HtmlTable configuration_table(const scenario::Config& config) {
    HtmlTable table{
        "Configuration: keys with another value than their default", {{"Key", false}, {"Value", false}}, {}};
    for (const scenario::Option& option : scenario::options()) {
        const std::string value = option.kind.get(config);
        if (value != scenario::default_text(option)) table.rows.push_back({std::string(option.key), value});
    }
    return table;
}

std::string one_line(const Result& result) {
    const std::size_t servers = scenario::server_count(result.config);
    const std::size_t workers = result.config.workers;
    return fmt::format("{}, {} worker{}{}, {}: {}.", result.config.method.name(), workers,
                       workers == 1 ? "" : "s",
                       servers == 0   ? ""
                       : servers == 1 ? " and a server"
                                      : fmt::format(" and {} servers", servers),
                       result.provenance.world, result.provenance.backend);
}

void add_advice(ReportPage& page, const Result& result) {
    const Advice advice = advise(result);
    page.begin_part("What limited this run, and what to change first");
    page.add_finding(advice.limit + " " + advice.change);
    if (!advice.remarks.empty()) page.add_list(advice.remarks);
    const std::string command = counterfactual_command(result);
    if (command.empty()) return;
    page.add_text(
        "The above is read off this run's own figures. This simulates it again with each resource made "
        "ideal, and says what would be saved:");
    page.add_command(command);
}

}  // namespace

void add_run_section(ReportPage& page, const RunFolder& run) {
    page.begin_section(fmt::format("Run {}", run.name));
    for (const std::string& problem : run.problems) page.add_warning(problem);
    if (run.result) {
        const Result& result = *run.result;
        page.add_text(one_line(result));
        if (result.provenance.oversubscribed)
            page.add_warning("More ranks than cores: the times of this run mean nothing.");
        for (const std::string& warning : result.provenance.calibration_warnings) page.add_warning(warning);
        add_advice(page, result);
        page.begin_part("Summary and provenance");
        page.add_table(summary_table(result));
        page.add_folded_table(provenance_table(result.provenance));
        page.add_folded_table(configuration_table(result.config));
        add_run_charts(page, run);
    }
    if (run.timeline) add_timeline_chart(page, *run.timeline);
}

}  // namespace lockstep::study
