#include "study/table/report_figures.hpp"

#include <algorithm>
#include <array>

namespace lockstep::study {
namespace {

using scenario::Method;

constexpr std::array<ReportFigures, 7> report_rows{{
    {"serial", "Serial SGD", 1, 0.3726, 0.8880, 9.0821, {35, 40}, 12},
    {"sync-average", "Sync", 2, 0.2709, 0.9210, 10.8651, {40, 45}, 28.7},
    {"sync-average", "Sync", 3, 0.2744, 0.9213, 9.5284, {55, 57}, 36.5},
    {"sync-average", "Sync", 4, 0.2977, 0.9185, 9.7092, {65, 70}, 43.3},
    {"in-turn", "Async", 2, 0.3204, 0.9111, 7.5638, {52, 55}, 28},
    {"in-turn", "Async", 3, 0.6277, 0.8426, 6.4041, {70, 75}, 35},
    {"in-turn", "Async", 4, 0.4981, 0.8596, 5.9964, {80, 85}, 42.9},
}};

}  // namespace

std::optional<ReportFigures> report_figures(Method method, std::size_t processes) {
    for (const ReportFigures& row : report_rows)
        if (row.method == method.name() && row.processes == processes) return row;
    return std::nullopt;
}

std::string_view report_label(Method method) {
    const auto* const row = std::ranges::find(report_rows, method.name(), &ReportFigures::method);
    return row == report_rows.end() ? method.name() : row->label;
}

}  // namespace lockstep::study
