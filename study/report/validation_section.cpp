#include "study/report/validation_section.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "base/units.hpp"
#include "study/report/shown_ranks.hpp"

namespace lockstep::study {
namespace {

HtmlCell value_cell(const ValidatedFigure& figure, double value) {
    return figure.unit == "s" ? time_cell(value) : number_cell(value, figure.unit == "1/s" ? 0 : 4);
}

HtmlCell percent_cell(double percent) {
    return std::isfinite(percent) ? HtmlCell(base::format_change(percent / 100), percent) : HtmlCell("-");
}

std::string tolerance(const ValidatedFigure& figure) {
    if (std::isfinite(figure.tolerance_percent)) return fmt::format("{:g} %", figure.tolerance_percent);
    if (std::isfinite(figure.tolerance_difference))
        return base::format_number(figure.tolerance_difference, {.decimals = 4});
    return "-";
}

std::string range(const ValidatedFigure& figure, const FiveNumbers& spread) {
    if (spread.count < 2) return "-";
    return fmt::format("{} to {}", value_cell(figure, spread.least).text,
                       value_cell(figure, spread.most).text);
}

HtmlTable figures_table(std::string caption, const std::vector<const ValidatedFigure*>& figures,
                        const std::vector<std::string>& names) {
    HtmlTable table{std::move(caption),
                    {{"Figure", false},
                     {"Measured"},
                     {"Measured, range"},
                     {"Simulated"},
                     {"Simulated, range"},
                     {"Error"},
                     {"Bias"},
                     {"Of elapsed"},
                     {"Tolerance"},
                     {"Verdict", false}},
                    {}};
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const ValidatedFigure& figure = *figures[i];
        table.rows.push_back({names[i], value_cell(figure, figure.measured.median),
                              range(figure, figure.measured), value_cell(figure, figure.simulated.median),
                              range(figure, figure.simulated), percent_cell(figure.error_percent),
                              percent_cell(figure.bias_percent), percent_cell(figure.of_elapsed_percent),
                              tolerance(figure), figure.verdict});
    }
    return table;
}

/// Figures with the names that they have in charts.
struct Named {
    std::vector<const ValidatedFigure*> figures;
    std::vector<std::string> names;

    void add(const ValidatedFigure& figure, const std::string& name) {
        figures.push_back(&figure);
        names.push_back(name);
    }
};

BarView spread_view(std::string name, const Named& named) {
    BarView view{
        std::move(name), "",   "time (s)", named.names, {{"measured", {}, "1"}, {"simulated", {}, "0"}},
        false,           false};
    for (const ValidatedFigure* figure : named.figures) {
        const std::array spreads{&figure->measured, &figure->simulated};
        for (std::size_t i = 0; i < spreads.size(); ++i) {
            view.series[i].values.push_back(spreads[i]->median);
            view.series[i].low.push_back(spreads[i]->least);
            view.series[i].high.push_back(spreads[i]->most);
        }
    }
    return view;
}

Named times_of(const ValidationFile& validation) {
    Named times;
    for (const ValidatedFigure& figure : validation.figures)
        if (figure.unit == "s") times.add(figure, figure.name);
    for (const ValidatedFigure& figure : validation.phases) times.add(figure, figure.name);
    return times;
}

Named rank_times(const ValidationFile& validation, std::string_view wanted) {
    Named times;
    for (const ValidatedRank& rank : validation.ranks)
        for (const ValidatedFigure& figure : rank.figures)
            if (figure.name == wanted) times.add(figure, rank_name(rank.rank, rank.is_server));
    return times;
}

void add_times(ReportPage& page, const ValidationFile& validation) {
    Named all = times_of(validation);
    std::vector<BarView> views{spread_view("run and phases", all)};
    Named epochs;
    for (const ValidatedFigure& figure : validation.epochs) epochs.add(figure, figure.name);
    if (!epochs.figures.empty()) views.push_back(spread_view("epochs", epochs));
    for (const char* phase : {"elapsed", "compute", "communication", "wait", "transfer", "other"})
        if (const Named times = rank_times(validation, phase); !times.figures.empty())
            views.push_back(spread_view(fmt::format("{} of each rank", phase), times));
    for (std::size_t i = 0; i < epochs.figures.size(); ++i) all.add(*epochs.figures[i], epochs.names[i]);
    for (const ValidatedRank& rank : validation.ranks)
        for (const ValidatedFigure& figure : rank.figures)
            all.add(figure, fmt::format("{}: {}", rank_name(rank.rank, rank.is_server), figure.name));
    page.begin_part("Measured against simulated");
    page.add_chart(bar_chart("Times, measured and simulated",
                             "medians of the runs; the thin bars go from the least to the most.", views),
                   figures_table("Times of the run, its phases, epochs and ranks", all.figures, all.names));
}

void add_errors(ReportPage& page, const ValidationFile& validation) {
    BarView view{"",
                 "",
                 "simulated against measured (%)",
                 {},
                 {{"error of the medians", {}, "0"}, {"bias", {}, "1"}},
                 true,
                 false};
    Named named;
    for (const ValidatedFigure& figure : validation.figures) {
        named.add(figure, figure.name);
        if (!std::isfinite(figure.error_percent)) continue;
        view.categories.push_back(figure.name);
        view.series[0].values.push_back(figure.error_percent);
        view.series[1].values.push_back(figure.bias_percent);
    }
    const HtmlTable table = figures_table("Figures, errors and verdicts", named.figures, named.names);
    page.begin_part("Errors");
    page.add_table(table);
    if (!view.categories.empty())
        page.add_chart(
            bar_chart("Errors", "above 0 the simulated figure is the larger one.", std::span(&view, 1)),
            table);
}

std::string time_change(double time_s) {
    return (time_s < 0 ? "" : "+") + base::format_time(time_s);
}

/// On what the change does, where the validation is of one.
void add_change_verdict(ReportPage& page, const ValidatedChange& change) {
    const std::string text =
        fmt::format("{} With {} the time changes by {}, measured ({} to {}), and by {}, simulated. {}",
                    verdict_sentence(change.verdict), change.changes, time_change(change.measured_s),
                    time_change(change.measured_low_s), time_change(change.measured_high_s),
                    time_change(change.simulated_s), parameters_sentences(change.verdict));
    if (change.verdict.on_the_whole() == Verdict::pass)
        page.add_finding(text);
    else
        page.add_warning(text);
}

void add_verdict(ReportPage& page, const ValidationFile& validation) {
    std::string missed;
    std::size_t count = 0;
    std::size_t judged_figures = 0;
    const auto add = [&](const std::string& name, const std::string& verdict) {
        if (verdict != "shown") ++judged_figures;
        if (verdict != validation.verdict) return;
        ++count;
        missed += (missed.empty() ? "" : ", ") + name;
    };
    for (const ValidatedFigure& figure : validation.figures) add(figure.name, figure.verdict);
    add("parameters", validation.parameters);
    if (validation.verdict == "pass")
        page.add_finding(
            fmt::format("PASS: all {} judged figures are within their tolerances.", judged_figures));
    else if (validation.verdict == "fail")
        page.add_warning(fmt::format("FAIL: {} of {} judged figures are beyond their tolerances: {}.", count,
                                     judged_figures, missed));
    else
        page.add_warning(
            fmt::format("INCONCLUSIVE: {} of {} judged figures have more noise than tolerance: {}.", count,
                        judged_figures, missed));
}

}  // namespace

void add_validation_section(ReportPage& page, const ValidationFile& validation) {
    page.begin_section(fmt::format("Validation {}", validation.name));
    if (validation.against)
        add_change_verdict(page, *validation.against);
    else
        add_verdict(page, validation);
    if (validation.largest_difference_s != 0)
        page.add_text(fmt::format(
            "The largest difference between the phases is in {}: the simulation has {} {}.",
            validation.largest_phase, base::format_time(std::abs(validation.largest_difference_s)),
            validation.largest_difference_s > 0 ? "more" : "less"));
    if (validation.reference_is_simulated)
        page.add_warning("The reference is itself simulated: this says nothing about reality.");
    if (!validation.warnings.empty()) {
        page.add_warning("The measurement of the platform had something to remark:");
        page.add_list(validation.warnings);
    }
    add_errors(page, validation);
    add_times(page, validation);
}

}  // namespace lockstep::study
