#include "study/report/staleness_chart.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "study/report/shown_ranks.hpp"

namespace lockstep::study {
namespace {

using result::Staleness;
using result::Worker;

constexpr std::size_t most_bins = 48;
constexpr std::size_t most_stacked = 8;   ///< workers that share one chart
constexpr std::size_t most_single = 128;  ///< workers with a chart of their own

std::vector<double> counts(const Staleness& histogram, const std::vector<StalenessBin>& bins) {
    std::vector<double> values(bins.size(), 0);
    const std::uint64_t width = bins.front().last - bins.front().first + 1;
    for (const auto& [staleness, updates] : histogram)
        values[std::min<std::size_t>(staleness / width, bins.size() - 1)] += static_cast<double>(updates);
    return values;
}

HtmlTable staleness_table(const std::vector<const Worker*>& workers, const std::vector<StalenessBin>& bins) {
    HtmlTable table{"Updates of each worker by their staleness", {{"Rank", false}, {"Mean"}}, {}};
    for (const StalenessBin& bin : bins) table.columns.push_back({bin.name()});
    for (const Worker* worker : workers) {
        std::vector<HtmlCell> row{rank_name(worker->rank, false), number_cell(worker->mean_staleness, 2)};
        for (const double count : counts(worker->staleness, bins))
            row.push_back(count_cell(static_cast<std::uint64_t>(count)));
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace

std::string StalenessBin::name() const {
    return first == last ? fmt::format("{}", first) : fmt::format("{} to {}", first, last);
}

std::vector<StalenessBin> staleness_bins(std::uint64_t largest, std::size_t most) {
    const std::uint64_t width = largest / most + 1;
    std::vector<StalenessBin> bins;
    for (std::uint64_t first = 0; first <= largest; first += width)
        bins.push_back({first, first + width - 1});
    return bins;
}

void add_staleness_chart(ReportPage& page, const result::Result& result) {
    std::vector<const Worker*> workers;
    for (const Worker& worker : result.workers)
        if (!worker.is_server && !worker.staleness.empty()) workers.push_back(&worker);
    if (result.staleness.empty() || workers.empty()) return;
    const auto bins = staleness_bins(result.staleness.rbegin()->first, most_bins);
    BarView all{"all workers", "staleness (versions)", "updates", {}, {}, false, true};
    for (const StalenessBin& bin : bins) all.categories.push_back(bin.name());
    std::vector<BarView> views;
    for (const std::size_t place : shown_ranks(workers.size(), 0)) {
        const Worker& worker = *workers[place];
        const std::string name = rank_name(worker.rank, false);
        const std::vector<double> values = counts(worker.staleness, bins);
        if (workers.size() <= most_stacked) all.series.push_back({name, values});
        if (views.size() >= most_single) continue;
        BarView& single = views.emplace_back(all);
        single.name = name;
        single.series = {{name, values, "0"}};
    }
    if (workers.size() > most_stacked) all.series = {{"updates", counts(result.staleness, bins), "0"}};
    views.insert(views.begin(), all);
    page.add_chart(
        bar_chart("Staleness",
                  "of updates: versions of the shared parameters between reading and changing them.", views),
        staleness_table(workers, bins));
}

}  // namespace lockstep::study
