#include "result/ranks_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "base/units.hpp"
#include "result/text_table.hpp"

namespace lockstep::result {
namespace {

using Align = TextTable::Align;

constexpr std::size_t most_rows = 16;
constexpr std::size_t most_bars = 12;
constexpr double bar_width = 40;

std::string share(double part_s, double whole_s) {
    constexpr double rounding = 1e-9;  // of sums of times, which may leave a negative rest
    if (whole_s <= 0) return "-";
    return base::format_share(std::abs(part_s) < rounding * whole_s ? 0 : part_s / whole_s);
}

}  // namespace

std::string staleness_histogram(const Result& result) {
    if (result.staleness.empty()) return {};
    std::map<std::uint64_t, std::uint64_t> bars;
    for (const auto& [versions, updates] : result.staleness)
        bars[bars.size() < most_bars || bars.contains(versions) ? versions : bars.rbegin()->first] += updates;
    std::uint64_t most = 1;
    for (const auto& [versions, updates] : bars) most = std::max(most, updates);
    TextTable table({{"staleness"}, {"updates"}, {"", Align::left}});
    for (const auto& [versions, updates] : bars) {
        const bool is_rest = bars.size() < result.staleness.size() && versions == bars.rbegin()->first;
        const double length = std::ceil(bar_width * static_cast<double>(updates) / static_cast<double>(most));
        table.add_row({fmt::format("{}{}", versions, is_rest ? "+" : ""), fmt::format("{}", updates),
                       std::string(static_cast<std::size_t>(length), '#')});
    }
    return '\n' + table.render();
}

std::string worker_rows(const Result& result) {
    if (result.workers.empty()) return {};
    TextTable table({{"rank"},
                     {"role", Align::left},
                     {"host", Align::left},
                     {"time"},
                     {"compute"},
                     {"communication"},
                     {"wait"},
                     {"transfer"},
                     {"other"},
                     {"steps"},
                     {"updates"},
                     {"share"},
                     {"sent"},
                     {"bytes sent"},
                     {"staleness"}});
    const std::size_t count = result.workers.size();
    std::vector<double> times_s;
    std::vector<double> sizes_B;
    for (const Worker& worker : result.workers) {
        times_s.push_back(worker.elapsed_s);
        sizes_B.push_back(static_cast<double>(worker.bytes_sent.value_or(0)));
    }
    const base::ColumnUnit times = base::column_of_times(times_s);
    const base::ColumnUnit sizes = base::column_of_bytes(sizes_B);
    for (std::size_t i = 0; i < count; ++i) {
        if (count > most_rows && i == most_rows / 2) {
            table.add_row({"...", "..."});
            i = count - most_rows / 2;
        }
        const Worker& worker = result.workers[i];
        table.add_row({fmt::format("{}", worker.rank), worker.is_server ? "server" : "worker", worker.host,
                       std::isnan(worker.elapsed_s) ? "-" : times.format(worker.elapsed_s),
                       share(worker.compute_s, worker.elapsed_s),
                       share(worker.communication_s(), worker.elapsed_s),
                       share(worker.wait_s, worker.elapsed_s), share(worker.transfer_s, worker.elapsed_s),
                       share(worker.other_s, worker.elapsed_s), fmt::format("{}", worker.steps),
                       fmt::format("{}", worker.updates), base::format_share(worker.update_share),
                       worker.messages_sent ? fmt::format("{}", *worker.messages_sent) : "unknown",
                       worker.bytes_sent ? sizes.format(static_cast<double>(*worker.bytes_sent)) : "unknown",
                       base::format_number(worker.mean_staleness, {.decimals = 2})});
    }
    return '\n' + table.render();
}

}  // namespace lockstep::result
