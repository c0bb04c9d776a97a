#include "study/report/sweep/sweep_section.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/units.hpp"
#include "study/report/sweep/sweep_lines.hpp"
#include "study/report/sweep/sweep_map.hpp"

namespace lockstep::study {
namespace {

constexpr std::size_t most_marks = 40;

HtmlCell figure_cell(const Estimate& estimate) {
    return estimate.count == 0
               ? HtmlCell("-")
               : HtmlCell(base::format_number(estimate.mean, {.significant = 5}), estimate.mean);
}

HtmlCell band_cell(const Estimate& estimate) {
    return std::isfinite(estimate.half_width)
               ? HtmlCell(base::format_number(estimate.half_width), estimate.half_width)
               : HtmlCell("-");
}

HtmlTable points_table(const SweepTable& sweep) {
    HtmlTable table{
        "Every point: means, and half widths of their 95 % confidence intervals", {{"Point"}}, {}};
    for (const SweepKey& key : sweep.keys) table.columns.push_back({key.key, !key.numbers.empty()});
    table.columns.insert(table.columns.end(), {{"Method", false}, {"Workers"}, {"Runs"}, {"Failed"}});
    for (const std::string& figure : sweep.figures) {
        table.columns.push_back({figure});
        table.columns.push_back({"+-"});
    }
    for (std::size_t i = 0; i < sweep.points.size(); ++i) {
        const SweptPoint& point = sweep.points[i];
        std::vector<HtmlCell> row{count_cell(i + 1)};
        for (std::size_t key = 0; key < sweep.keys.size(); ++key)
            row.emplace_back(sweep.keys[key].values[point.places[key]]);
        row.insert(row.end(), {point.method, count_cell(point.workers), count_cell(point.runs),
                               count_cell(point.failed)});
        for (const Estimate& estimate : point.figures) {
            row.push_back(figure_cell(estimate));
            row.push_back(band_cell(estimate));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

HtmlTable crossings_table(const std::vector<LineView>& views) {
    HtmlTable table{"Break-even: where lines cross, by interpolation between neighbouring points",
                    {{"Figure", false}, {"At"}, {"There"}, {"What", false}},
                    {}};
    for (const LineView& view : views)
        for (const ChartMark& mark : view.marks)
            table.rows.push_back(
                {view.name, HtmlCell(base::format_number(mark.x, {.significant = 4}), mark.x),
                 HtmlCell(base::format_number(mark.y, {.significant = 4}), mark.y), mark.text});
    return table;
}

void mark_crossings(LineView& view) {
    for (const Crossing& crossing : crossings(view.series, view.is_log_x)) {
        if (view.marks.size() == most_marks) return;
        view.marks.push_back({crossing.x, crossing.y,
                              fmt::format("{} is less up to here ({}), then {}", crossing.before,
                                          base::format_number(crossing.x), crossing.after)});
    }
}

std::vector<LineView> views_of(const SweepTable& sweep) {
    std::vector<LineView> views;
    for (const std::string& figure : sweep.figures)
        for (std::size_t key = 0; key < sweep.keys.size(); ++key) {
            if (sweep.keys[key].numbers.size() < 2) continue;
            const LineView all{fmt::format("{} against {}", figure_title(figure), sweep.keys[key].key),
                               key_title(sweep.keys[key]),
                               figure_title(figure),
                               is_wide(sweep.keys[key].numbers),
                               figure_lines(sweep, key, figure),
                               {}};
            if (all.series.empty()) continue;
            for (LineView& view : readable(all)) {
                mark_crossings(view);
                views.push_back(std::move(view));
            }
        }
    return views;
}

void add_lines(ReportPage& page, const SweepTable& sweep) {
    const std::vector<LineView> views = views_of(sweep);
    if (views.empty()) return;
    const bool is_full = std::ranges::any_of(
        views, [](const LineView& view) { return view.series.size() == most_drawn_lines; });
    const std::string rest =
        is_full ? fmt::format(" At most {} lines are drawn; the table has every point.", most_drawn_lines)
                : "";
    page.begin_part("Lines");
    page.add_chart(
        line_chart("Figures against swept keys",
                   "means over the runs of each point, within 95 % confidence bands where there are several; "
                   "diamonds where methods change order." +
                       rest,
                   views),
        points_table(sweep));
    HtmlTable table = crossings_table(views);
    if (!table.rows.empty()) page.add_folded_table(table);
}

void add_maps(ReportPage& page, const SweepTable& sweep) {
    const std::vector<MapView> views = sweep_maps(sweep);
    if (views.empty()) return;
    HtmlTable table{"Every cell of the map", {{"Map", false}, {"Cell", false}}, {}};
    for (const MapView& view : views)
        for (const MapCell& cell : view.cells) table.rows.push_back({view.name, cell.text});
    const bool has_winner = !views.front().is_ordered;
    page.begin_part(has_winner ? "Who wins where" : "Map");
    page.add_chart(
        map_chart(has_winner ? "Winner" : "Figure over two keys",
                  has_winner ? "the method with the best mean at each point; more runs that "
                               "reached the target go first, and what cannot be told apart is a tie."
                             : "in classes from little (dark) to much (light).",
                  views),
        table);
}

HtmlTable scaling_table(const LineView& speed_up, const LineView& efficiency) {
    HtmlTable table{"Scaling", {{"Line", false}, {"Workers"}, {"Speed-up"}, {"Efficiency"}}, {}};
    for (std::size_t i = 0; i < efficiency.series.size(); ++i)
        for (std::size_t j = 0; j < efficiency.series[i].points.size(); ++j) {
            const ChartPoint& point = speed_up.series[i].points[j];
            table.rows.push_back({efficiency.series[i].name, HtmlCell(fmt::format("{:g}", point.x), point.x),
                                  number_cell(point.y, 3), number_cell(efficiency.series[i].points[j].y, 3)});
        }
    return table;
}

/// Twice as many workers twice as fast.
LineSeries ideal(const SweepKey& workers) {
    LineSeries line{"ideal", {}, "6", true};
    for (const double count : workers.numbers)
        line.points.push_back({count, count / workers.numbers.front()});
    return line;
}

void add_scaling(ReportPage& page, const SweepTable& sweep) {
    const auto workers = std::ranges::find(sweep.keys, "workers", &SweepKey::key);
    if (workers == sweep.keys.end() || workers->numbers.size() < 2) return;
    const auto throughputs =
        figure_lines(sweep, static_cast<std::size_t>(workers - sweep.keys.begin()), "samples_per_s");
    if (throughputs.empty()) return;
    const bool is_log = is_wide(workers->numbers);
    const LineView speed_up{"speed-up", "workers", "speed-up", is_log, speed_ups(throughputs), {}};
    const LineView efficiency{"efficiency", "workers", "efficiency", is_log, efficiencies(throughputs), {}};
    std::vector<LineView> views = readable(speed_up);
    for (LineView& view : views) view.series.push_back(ideal(*workers));
    const std::vector<LineView> others = readable(efficiency);
    views.insert(views.end(), others.begin(), others.end());
    page.begin_part("Scaling");
    page.add_chart(
        line_chart("Scaling",
                   "speed-up: samples a second over those with the fewest workers of the same line; "
                   "efficiency: that for each worker.",
                   views),
        scaling_table(speed_up, efficiency));
}

}  // namespace

void add_sweep_section(ReportPage& page, const SweepTable& sweep) {
    page.begin_section(fmt::format("Sweep {}", sweep.name));
    for (const std::string& problem : sweep.problems) page.add_warning(problem);
    std::size_t runs = 0;
    std::size_t failed = 0;
    std::string keys;
    for (const SweptPoint& point : sweep.points) {
        runs += point.runs;
        failed += point.failed;
    }
    for (const SweepKey& key : sweep.keys)
        keys += fmt::format("{}{} ({} values)", keys.empty() ? "" : ", ", key.key, key.values.size());
    page.add_text(fmt::format("{} points with {} runs; swept: {}.", sweep.points.size(), runs,
                              keys.empty() ? "seeds alone" : keys));
    if (failed > 0) page.add_warning(fmt::format("{} runs failed and are in no figure.", failed));
    if (!sweep.failures.empty()) page.add_list(sweep.failures);
    add_lines(page, sweep);
    add_maps(page, sweep);
    add_scaling(page, sweep);
    page.add_folded_table(points_table(sweep));
}

}  // namespace lockstep::study
