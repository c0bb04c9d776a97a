#include "study/plot/figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::study {
namespace {

using Rows = std::vector<std::vector<double>>;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_labels = 24;
constexpr std::size_t most_names_inside = 4;  // of curves; more would cover them

const result::Result& result_of(const RunFolder& run) {
    if (!run.result)
        throw base::InputError((run.path / "result.json").string(), "nothing usable", "the run's result",
                               "only --figure timeline needs none");
    return *run.result;
}

const RunFolder& only_run(std::span<const RunFolder> runs, std::string_view figure) {
    if (runs.size() > 1)
        throw base::InputError(fmt::format("--figure {}", figure), fmt::format("{} runs", runs.size()),
                               "one run", "draw a figure for each");
    return runs.front();
}

std::string x_label(Against against) {
    switch (against) {
        case Against::time:
            return "time (s)";
        case Against::epochs:
            return "epochs";
        case Against::samples:
            return "samples";
    }
    return {};
}

double x_of(const result::Evaluation& evaluation, Against against) {
    switch (against) {
        case Against::time:
            return evaluation.elapsed_s;
        case Against::epochs:
            return evaluation.epoch;
        case Against::samples:
            return static_cast<double>(evaluation.samples);
    }
    return nothing;
}

/// Returns whether there is anything to draw.
bool draw_course(GnuplotScript& script, const RunFolder& run, double result::Evaluation::*figure,
                 Against against, const std::string& style, const std::string& name) {
    Rows rows;
    for (const result::Evaluation& evaluation : result_of(run).history)
        if (!evaluation.worker && !std::isnan(evaluation.*figure))
            rows.push_back({x_of(evaluation, against), evaluation.*figure});
    if (rows.empty()) return false;
    script.plot(fmt::format("{} using 1:2 with linespoints lw 2 ps 0.7 {}", script.data(rows), style), name);
    return true;
}

void require_drawn(bool drawn, const RunFolder& run, std::string_view what) {
    if (!drawn)
        throw base::InputError(
            fmt::format("{}: it has no {}; was it a timing-only run?", run.path.string(), what));
}

std::string style(std::size_t i) {
    return fmt::format("lc rgb {} dt {} pt {}", colour(i), i / 8 + 1, i + 4);
}

/// A bar for each row and column; stacked or side by side. The first column of `rows` is the bars' label.
void draw_bars(GnuplotScript& script, const Rows& rows, const std::vector<std::string>& names, bool stacked) {
    script.command(stacked ? "set style histogram rowstacked" : "set style histogram clustered gap 1");
    script.command("set style data histograms");
    script.command("set style fill solid 1 noborder");
    script.command(stacked ? "set boxwidth 0.8 relative" : "set boxwidth 0.9 relative");
    script.command("set yrange [0:*]");
    const std::string data = script.data(rows);
    const std::size_t every = rows.size() / most_labels + 1;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string labels =
            i == 0 ? fmt::format(":xtic(int($0) % {} == 0 ? strcol(1) : '')", every) : std::string();
        script.plot(fmt::format("{} using {}{} lc rgb {}", data, i + 2, labels, colour(i)), names[i]);
    }
}

using Counts = std::map<std::uint64_t, std::uint64_t>;

void draw_counts(GnuplotScript& script, std::span<const RunFolder> runs, const std::vector<Counts>& counts) {
    Counts all;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        all.insert(counts[i].begin(), counts[i].end());
        names.push_back(runs.size() > 1 ? runs[i].name : "");
    }
    Rows rows;
    for (const auto& [key, unused] : all) {
        std::vector<double>& row = rows.emplace_back(1, static_cast<double>(key));
        for (const Counts& run : counts)
            row.push_back(run.contains(key) ? static_cast<double>(run.at(key)) : 0);
    }
    draw_bars(script, rows, names, false);
}

}  // namespace

Against against(std::string_view name) {
    return name == "epochs" ? Against::epochs : name == "samples" ? Against::samples : Against::time;
}

void draw_accuracy(GnuplotScript& script, std::span<const RunFolder> runs, Against against) {
    script.axes(x_label(against), "test accuracy");
    if (runs.size() <= most_names_inside) script.command("set key bottom right inside");
    for (std::size_t i = 0; i < runs.size(); ++i)
        require_drawn(
            draw_course(script, runs[i], &result::Evaluation::test_accuracy, against, style(i), runs[i].name),
            runs[i], "accuracy");
}

void draw_loss(GnuplotScript& script, std::span<const RunFolder> runs, Against against) {
    script.axes(x_label(against), "loss");
    if (runs.size() <= most_names_inside) script.command("set key top right inside");
    const bool is_one = runs.size() == 1;
    for (std::size_t i = 0; i < runs.size(); ++i)
        require_drawn(draw_course(script, runs[i], &result::Evaluation::test_loss, against, style(i),
                                  is_one ? "test loss" : runs[i].name),
                      runs[i], "loss");
    if (is_one)
        draw_course(script, runs.front(), &result::Evaluation::train_loss, against,
                    fmt::format("lc rgb {} dt 2 pt 5", colour(1)), "training loss");
}

void draw_time_shares(GnuplotScript& script, std::span<const RunFolder> runs) {
    const RunFolder& run = only_run(runs, "time-shares");
    script.title(run.name);
    script.axes("rank", "time (s)");
    Rows rows;
    for (const result::Worker& worker : result_of(run).workers)
        rows.push_back({static_cast<double>(worker.rank), worker.compute_s, worker.wait_s, worker.transfer_s,
                        worker.other_s});
    draw_bars(script, rows, {"compute", "wait", "transfer", "other"}, true);
}

void draw_staleness(GnuplotScript& script, std::span<const RunFolder> runs) {
    script.axes("staleness (versions)", "updates");
    std::vector<Counts> counts;
    for (const RunFolder& run : runs) counts.push_back(result_of(run).staleness);
    const bool is_known = std::ranges::any_of(counts, [](const Counts& run) { return !run.empty(); });
    if (!is_known) throw base::InputError(fmt::format("{}: it has no staleness", runs.front().path.string()));
    draw_counts(script, runs, counts);
}

void draw_updates(GnuplotScript& script, std::span<const RunFolder> runs) {
    script.axes("worker", "updates");
    std::vector<Counts> counts;
    for (const RunFolder& run : runs) {
        Counts& updates = counts.emplace_back();
        for (const result::Worker& worker : result_of(run).workers)
            if (!worker.is_server) updates[worker.rank] = worker.updates;
    }
    draw_counts(script, runs, counts);
}

}  // namespace lockstep::study
