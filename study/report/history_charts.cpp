#include "study/report/history_charts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace lockstep::study {
namespace {

using result::Evaluation;
using result::Result;

constexpr std::size_t most_lines = 8;
constexpr std::size_t most_points = 2000;
constexpr std::size_t most_history_rows = 400;

double field_of(const Evaluation& row, std::string_view name) {
    return name == "test_loss"       ? row.test_loss
           : name == "train_loss"    ? row.train_loss
           : name == "test_accuracy" ? row.test_accuracy
           : name == "elapsed_s"     ? row.elapsed_s
           : name == "epoch"         ? row.epoch
                                     : static_cast<double>(row.samples);
}

/// Every k-th, and the last.
template <typename Item>
std::vector<Item> thinned(std::vector<Item> items, std::size_t most) {
    if (items.size() <= most) return items;
    const std::size_t stride = (items.size() + most - 1) / most;
    std::vector<Item> kept;
    for (std::size_t i = 0; i < items.size(); i += stride) kept.push_back(items[i]);
    if ((items.size() - 1) % stride != 0) kept.push_back(items.back());
    return kept;
}

LineSeries line_of(const Result& result, std::optional<std::size_t> worker, std::string_view figure,
                   std::string_view against) {
    LineSeries line;
    for (const Evaluation& row : result.history)
        if (row.worker == worker && std::isfinite(field_of(row, figure)))
            line.points.push_back({field_of(row, against), field_of(row, figure)});
    std::ranges::stable_sort(line.points, {}, &ChartPoint::x);
    line.points = thinned(std::move(line.points), most_points);
    return line;
}

/// Whose parameters were evaluated: the shared ones first, where they were, then the workers' own.
std::vector<std::optional<std::size_t>> evaluated(const Result& result) {
    std::set<std::optional<std::size_t>> who;
    for (const Evaluation& row : result.history) who.insert(row.worker);
    return {who.begin(), who.end()};
}

std::vector<std::optional<std::size_t>> drawn(const Result& result) {
    std::vector<std::optional<std::size_t>> who = evaluated(result);
    if (who.size() > most_lines) who.resize(most_lines);
    return who;
}

/// Evenly spaced evaluations, each with the rows of all whose parameters were evaluated then: the k-th of
/// each.
std::vector<Evaluation> thinned_by_evaluation(const Result& result) {
    std::vector<std::size_t> number;  // of a row's evaluation
    std::map<std::optional<std::size_t>, std::size_t> counts;
    std::size_t evaluations = 0;
    for (const Evaluation& row : result.history) {
        number.push_back(counts[row.worker]++);
        evaluations = std::max(evaluations, number.back() + 1);
    }
    std::vector<std::size_t> all(evaluations);
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::size_t most = most_history_rows / std::max<std::size_t>(counts.size(), 1);
    const std::vector<std::size_t> kept = thinned(std::move(all), std::max<std::size_t>(most, 1));
    std::vector<Evaluation> rows;
    for (std::size_t i = 0; i < number.size(); ++i)
        if (std::ranges::binary_search(kept, number[i])) rows.push_back(result.history[i]);
    return rows;
}

std::string series_name(const std::string& run, std::optional<std::size_t> worker, std::string_view figure,
                        bool names_run, bool names_figure) {
    std::string name = names_run ? run : std::string();
    const auto add = [&](const std::string& part) { name += (name.empty() ? "" : ", ") + part; };
    if (worker) add(fmt::format("worker {}", *worker));
    if (names_figure || name.empty())
        add(figure == "train_loss" ? "training" : figure == "test_loss" ? "test" : "accuracy");
    return name;
}

HtmlTable history_table(const Result& result) {
    HtmlTable table{
        "Evaluations",
        {{"Epoch"}, {"Of", false}, {"Time"}, {"Samples"}, {"Training loss"}, {"Test loss"}, {"Accuracy"}},
        {}};
    const std::vector<Evaluation> rows =
        result.history.size() > most_history_rows ? thinned_by_evaluation(result) : result.history;
    if (rows.size() < result.history.size())
        table.caption = fmt::format("Evaluations: {} rows of {}, those of evenly spaced evaluations",
                                    rows.size(), result.history.size());
    for (const Evaluation& row : rows)
        table.rows.push_back({number_cell(row.epoch, 2),
                              row.worker ? fmt::format("worker {}", *row.worker) : std::string("shared"),
                              time_cell(row.elapsed_s), count_cell(row.samples), number_cell(row.train_loss),
                              number_cell(row.test_loss), number_cell(row.test_accuracy)});
    return table;
}

}  // namespace

std::vector<LineView> history_views(std::span<const RunFolder* const> runs,
                                    std::span<const std::string_view> figures, std::string_view y_title) {
    const std::array<std::array<std::string_view, 3>, 3> axes{
        {{"time", "elapsed_s", "time (s)"},
         {"epochs", "epoch", "epochs"},
         {"samples", "samples", "samples of all workers"}}};
    std::vector<LineView> views;
    for (const auto& [name, field, title] : axes) {
        LineView view{
            std::string("against ").append(name), std::string(title), std::string(y_title), false, {}, {}};
        for (const RunFolder* run : runs) {
            if (!run->result) continue;
            for (const auto& worker : drawn(*run->result))
                for (const std::string_view figure : figures) {
                    LineSeries line = line_of(*run->result, worker, figure, field);
                    line.name = series_name(run->name, worker, figure, runs.size() > 1, figures.size() > 1);
                    line.is_dashed = figure == "train_loss";
                    if (!line.points.empty()) view.series.push_back(std::move(line));
                }
        }
        if (!view.series.empty()) views.push_back(std::move(view));
    }
    return views;
}

std::string undrawn(std::span<const RunFolder* const> runs) {
    std::size_t count = 0;
    for (const RunFolder* run : runs)
        if (run->result) count += evaluated(*run->result).size() - drawn(*run->result).size();
    return count == 0 ? std::string()
                      : fmt::format(" {} worker{} not drawn: of a run the first {} lines are.", count,
                                    count == 1 ? " is" : "s are", most_lines);
}

void add_history(ReportPage& page, const RunFolder& run) {
    const std::vector<const RunFolder*> runs{&run};
    constexpr std::array<std::string_view, 2> losses{"test_loss", "train_loss"};
    constexpr std::array<std::string_view, 1> accuracy{"test_accuracy"};
    const auto loss_views = history_views(runs, losses, "loss");
    if (loss_views.empty()) return;
    page.begin_part("Learning");
    const std::string rest = undrawn(runs);
    page.add_chart(line_chart("Loss", "on the test set, and of the batches trained on." + rest, loss_views),
                   history_table(*run.result));
    if (const auto views = history_views(runs, accuracy, "test accuracy"); !views.empty())
        page.add_chart(line_chart("Accuracy", "on the test set, from 0 to 1." + rest, views),
                       history_table(*run.result));
}

}  // namespace lockstep::study
