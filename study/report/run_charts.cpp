#include "study/report/run_charts.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "result/fields.hpp"
#include "study/report/history_charts.hpp"
#include "study/report/shown_ranks.hpp"
#include "study/report/staleness_chart.hpp"

namespace lockstep::study {
namespace {

using result::Result;
using result::Worker;

HtmlTable times_table(const Result& result) {
    HtmlTable table{"Where each rank's time went",
                    {{"Rank", false},
                     {"Host", false},
                     {"Elapsed"},
                     {"Compute"},
                     {"Communication"},
                     {"Wait"},
                     {"Transfer"},
                     {"Other"},
                     {"Compute"},
                     {"Communication"},
                     {"Wait"},
                     {"Transfer"},
                     {"Other"},
                     {"Steps"}},
                    {}};
    for (const Worker& worker : result.workers) {
        std::vector<HtmlCell> row{rank_name(worker.rank, worker.is_server), worker.host,
                                  time_cell(worker.elapsed_s)};
        const std::array parts{worker.compute_s, worker.communication_s(), worker.wait_s, worker.transfer_s,
                               worker.other_s};
        for (const double part_s : parts) row.push_back(time_cell(part_s));
        for (const double part_s : parts)
            row.push_back(worker.elapsed_s > 0 ? share_cell(part_s / worker.elapsed_s) : HtmlCell("-"));
        row.push_back(count_cell(worker.steps));
        table.rows.push_back(std::move(row));
    }
    return table;
}

/// Of the chosen ranks.
BarView times_view(const Result& result, bool as_shares) {
    const std::vector<std::size_t> ranks =
        shown_ranks(result.workers.size(), scenario::server_count(result.config));
    BarView view{as_shares ? "shares" : "seconds",
                 "",
                 as_shares ? "share of the rank's time (%)" : "time (s)",
                 {},
                 {{"compute", {}, "compute"},
                  {"wait", {}, "wait"},
                  {"transfer", {}, "transfer"},
                  {"other", {}, "other"}},
                 true,
                 true};
    if (as_shares) view.axis_end = 100;
    for (const std::size_t rank : ranks) {
        const Worker& worker = result.workers[rank];
        const double scale = !as_shares ? 1 : worker.elapsed_s > 0 ? 100 / worker.elapsed_s : 0;
        view.categories.push_back(rank_name(worker.rank, worker.is_server));
        const std::array parts{worker.compute_s, worker.wait_s, worker.transfer_s, worker.other_s};
        for (std::size_t i = 0; i < parts.size(); ++i)
            view.series[i].values.push_back(scale * std::max(parts[i], 0.0));
    }
    return view;
}

void add_times(ReportPage& page, const Result& result) {
    if (result.workers.empty()) return;
    page.begin_part("Time");
    const std::array views{times_view(result, true), times_view(result, false)};
    const std::string which = views[0].categories.size() < result.workers.size()
                                  ? fmt::format(" {} of {} ranks are drawn; the table has all.",
                                                views[0].categories.size(), result.workers.size())
                                  : "";
    page.add_chart(
        bar_chart(
            "Time of each rank",
            "divided into computing, waiting for a partner, transfer of messages, and the rest." + which,
            views),
        times_table(result));
}

void add_update_shares(ReportPage& page, const Result& result) {
    BarView view{"", "", "share of all updates (%)", {}, {{"updates", {}, "0"}}, true, false};
    HtmlTable table{"Updates of each worker", {{"Rank", false}, {"Updates"}, {"Share"}, {"Samples"}}, {}};
    std::vector<const Worker*> workers;
    for (const Worker& worker : result.workers)
        if (!worker.is_server) workers.push_back(&worker);
    for (const Worker* worker : workers)
        table.rows.push_back({rank_name(worker->rank, false), count_cell(worker->updates),
                              share_cell(worker->update_share), count_cell(worker->samples)});
    for (const std::size_t place : shown_ranks(workers.size(), 0)) {
        view.categories.push_back(rank_name(workers[place]->rank, false));
        view.series.front().values.push_back(100 * workers[place]->update_share);
    }
    if (result.summary.updates == 0 || workers.size() < 2) return;
    page.add_chart(
        bar_chart("Update shares", "of all updates of the shared parameters, by each worker's steps.",
                  std::span(&view, 1)),
        table);
}

BarView totals_view(const char* name, std::optional<std::uint64_t> counted,
                    std::optional<std::uint64_t> predicted) {
    BarView view{name, "", name, {"counted", "closed form"}, {{name, {}, "0"}}, true, false};
    for (const auto& total : {counted, predicted})
        view.series.front().values.push_back(total ? static_cast<double>(*total) : std::nan(""));
    return view;
}

void add_traffic(ReportPage& page, const Result& result) {
    const auto& summary = result.summary;
    if (!summary.messages || !summary.bytes || *summary.messages == 0) return;
    HtmlTable table{"Messages and bytes", {{"", false}, {"Messages"}, {"Bytes"}}, {}};
    table.rows.push_back({"counted", count_cell(summary.messages), count_cell(summary.bytes)});
    table.rows.push_back(
        {"closed form", count_cell(summary.predicted_messages), count_cell(summary.predicted_bytes)});
    for (const Worker& worker : result.workers)
        table.rows.push_back({"sent by " + rank_name(worker.rank, worker.is_server),
                              count_cell(worker.messages_sent), count_cell(worker.bytes_sent)});
    BarView by_rank{"bytes sent by each rank", "", "bytes", {}, {{"bytes", {}, "0"}}, true, false};
    for (const std::size_t rank : shown_ranks(result.workers.size(), scenario::server_count(result.config))) {
        const Worker& worker = result.workers[rank];
        by_rank.categories.push_back(rank_name(worker.rank, worker.is_server));
        by_rank.series.front().values.push_back(worker.bytes_sent ? static_cast<double>(*worker.bytes_sent)
                                                                  : std::nan(""));
    }
    const std::array views{totals_view("bytes", summary.bytes, summary.predicted_bytes),
                           totals_view("messages", summary.messages, summary.predicted_messages), by_rank};
    page.begin_part("Traffic");
    page.add_chart(bar_chart("Bytes and messages",
                             "counted while the clock ran, next to the method's closed form.", views),
                   table);
}

}  // namespace

void add_run_charts(ReportPage& page, const RunFolder& run) {
    add_history(page, run);
    add_times(page, *run.result);
    add_staleness_chart(page, *run.result);
    add_update_shares(page, *run.result);
    add_traffic(page, *run.result);
}

}  // namespace lockstep::study
