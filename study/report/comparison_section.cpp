#include "study/report/comparison_section.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/units.hpp"
#include "result/fields.hpp"
#include "result/text.hpp"
#include "study/report/history_charts.hpp"
#include "study/report/run_charts.hpp"
#include "study/report/same_configuration.hpp"

namespace lockstep::study {
namespace {

using result::Result;
using result::Summary;

HtmlCell to_target_cell(const Summary& summary) {
    const double time_s = summary.time_to_target_s.value;
    return time_s == result::AtTarget::never ? HtmlCell(std::string(result::never)) : time_cell(time_s);
}

HtmlTable comparison_table(const std::vector<const RunFolder*>& runs) {
    HtmlTable table{"Runs side by side",
                    {{"Run", false},
                     {"Method", false},
                     {"Workers"},
                     {"World", false},
                     {"Outcome", false},
                     {"Test loss"},
                     {"Accuracy"},
                     {"Time"},
                     {"To target"},
                     {"Target met", false},
                     {"Compute"},
                     {"Communication"},
                     {"Wait"},
                     {"Transfer"},
                     {"Staleness"},
                     {"Samples a second"},
                     {"Bytes"}},
                    {}};
    for (const RunFolder* run : runs) {
        const Result& result = *run->result;
        const Summary& summary = result.summary;
        const std::string bracket = result::target_bracket(summary);
        table.rows.push_back(
            {run->name, std::string(result.config.method.name()), count_cell(result.config.workers),
             result.provenance.world, std::string(result::name(summary.outcome)),
             number_cell(summary.test_loss), number_cell(summary.test_accuracy), time_cell(summary.elapsed_s),
             to_target_cell(summary), bracket.empty() ? "-" : bracket, share_cell(summary.compute_share),
             share_cell(summary.communication_share()), share_cell(summary.wait_share),
             share_cell(summary.transfer_share), number_cell(summary.mean_staleness, 2),
             number_cell(summary.samples_per_s, 0), count_cell(summary.bytes)});
    }
    return table;
}

BarView times_view(const std::vector<const RunFolder*>& runs) {
    BarView view{"",
                 "",
                 "time (s), mean of the workers",
                 {},
                 {{"compute", {}, "compute"},
                  {"wait", {}, "wait"},
                  {"transfer", {}, "transfer"},
                  {"other", {}, "other"}},
                 true,
                 true};
    for (const RunFolder* run : runs) {
        const Summary& summary = run->result->summary;
        const double other_s = summary.elapsed_s - summary.compute_s - summary.communication_s();
        const std::array parts{summary.compute_s, summary.wait_s, summary.transfer_s, std::max(other_s, 0.0)};
        view.categories.push_back(run->name);
        for (std::size_t i = 0; i < parts.size(); ++i) view.series[i].values.push_back(parts[i]);
    }
    return view;
}

void add_curves(ReportPage& page, const std::vector<const RunFolder*>& runs) {
    constexpr std::array<std::string_view, 1> loss{"test_loss"};
    constexpr std::array<std::string_view, 1> accuracy{"test_accuracy"};
    if (const auto views = history_views(runs, loss, "test loss"); !views.empty())
        page.add_chart(line_chart("Test loss of the runs",
                                  "each a line; the figures of single tests are in the runs' own sections." +
                                      undrawn(runs),
                                  views),
                       comparison_table(runs));
    if (const auto views = history_views(runs, accuracy, "test accuracy"); !views.empty())
        page.add_chart(line_chart("Test accuracy of the runs", "each a line." + undrawn(runs), views),
                       comparison_table(runs));
}

/// A simulated and a real run of one configuration.
using Pair = std::pair<const RunFolder*, const RunFolder*>;

std::vector<Pair> world_pairs(const std::vector<const RunFolder*>& runs) {
    std::vector<Pair> pairs;
    for (const RunFolder* simulated : runs) {
        if (simulated->result->provenance.world != "simulated") continue;
        for (const RunFolder* real : runs)
            if (real->result->provenance.world != "simulated" &&
                first_difference(*simulated->result, *real->result).empty())
                pairs.emplace_back(simulated, real);
    }
    return pairs;
}

std::string error_text(double simulated, double measured) {
    if (!std::isfinite(simulated) || !std::isfinite(measured)) return "-";
    if (simulated == measured) return "equal";
    return measured == 0 ? "-" : base::format_change((simulated - measured) / measured);
}

HtmlTable worlds_table(const Summary& simulated, const Summary& measured) {
    HtmlTable table{
        "Predicted, simulated, measured",
        {{"Figure", false}, {"Closed form"}, {"Simulated"}, {"Measured"}, {"Simulated against measured"}},
        {}};
    const auto add = [&](const char* name, auto cell, double Summary::*figure) {
        table.rows.push_back({name, "-", cell(simulated.*figure), cell(measured.*figure),
                              error_text(simulated.*figure, measured.*figure)});
    };
    const auto count = [&](const char* name, auto figure, auto predicted) {
        table.rows.push_back({name, count_cell(simulated.*predicted), count_cell(simulated.*figure),
                              count_cell(measured.*figure),
                              simulated.*figure == measured.*figure ? "equal" : "different"});
    };
    const auto four_digits = [](double number) { return number_cell(number); };
    add("Time", time_cell, &Summary::elapsed_s);
    add("Computing", time_cell, &Summary::compute_s);
    table.rows.push_back({"Communicating", "-", time_cell(simulated.communication_s()),
                          time_cell(measured.communication_s()),
                          error_text(simulated.communication_s(), measured.communication_s())});
    add("Waiting", time_cell, &Summary::wait_s);
    add("In transfer", time_cell, &Summary::transfer_s);
    count("Messages", &Summary::messages, &Summary::predicted_messages);
    count("Bytes", &Summary::bytes, &Summary::predicted_bytes);
    add("Test loss", four_digits, &Summary::test_loss);
    add("Test accuracy", four_digits, &Summary::test_accuracy);
    add("Mean staleness", four_digits, &Summary::mean_staleness);
    table.rows.push_back(
        {"Parameters", "-", simulated.parameters_digest, measured.parameters_digest,
         simulated.parameters_digest == measured.parameters_digest ? "equal, bit for bit" : "different"});
    return table;
}

void add_worlds(ReportPage& page, const Pair& pair) {
    const Summary& simulated = pair.first->result->summary;
    const Summary& measured = pair.second->result->summary;
    page.begin_part(fmt::format("{} simulated, {} measured", pair.first->name, pair.second->name));
    if (pair.second->result->provenance.oversubscribed)
        page.add_warning("The measured run had more ranks than cores: its times mean nothing.");
    BarView view{"", "",    "time (s)", {"elapsed", "compute", "communication", "wait", "transfer"},
                 {}, false, false};
    const auto times = [](const Summary& summary) {
        return std::vector<double>{summary.elapsed_s, summary.compute_s, summary.communication_s(),
                                   summary.wait_s, summary.transfer_s};
    };
    view.series = {{"simulated", times(simulated), "0"}, {"measured", times(measured), "1"}};
    page.add_chart(bar_chart("Times, simulated and measured", "of the run, and means of the workers.",
                             std::span(&view, 1)),
                   worlds_table(simulated, measured));
    page.add_table(worlds_table(simulated, measured));
}

}  // namespace

void add_limits(ReportPage& page, const std::vector<std::string>& sentences) {
    if (sentences.empty()) return;
    page.begin_part("What limits each, by simulating it with one resource ideal");
    page.add_list(sentences);
}

void add_comparison_section(ReportPage& page, std::string_view heading, std::span<const RunFolder> runs) {
    std::vector<const RunFolder*> shown;
    for (const RunFolder& run : runs)
        if (run.result) shown.push_back(&run);
    if (shown.empty()) return;
    page.begin_section(heading);
    page.add_table(comparison_table(shown));
    const BarView times = times_view(shown);
    page.add_chart(
        bar_chart("Time of the runs", "divided into what the workers did on average.", std::span(&times, 1)),
        comparison_table(shown));
    add_curves(page, shown);
    for (const Pair& pair : world_pairs(shown)) add_worlds(page, pair);
}

}  // namespace lockstep::study
