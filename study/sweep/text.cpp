#include "study/sweep/text.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/units.hpp"
#include "result/fields.hpp"
#include "result/text_table.hpp"

namespace lockstep::study {
namespace {

using result::TextTable;

std::string four_decimals(double number) {
    return base::format_number(number, {.decimals = 4});
}

/// One unit for the times of a column.
auto times_of(std::span<const SweepPoint> points, std::string_view name) {
    std::vector<double> means_s;
    for (const SweepPoint& point : points) means_s.push_back(point.figure(name).estimate.mean);
    return [unit = base::column_of_times(means_s)](double seconds) { return unit.format(seconds); };
}

/// `1.2 s +- 0.1 s`; without the interval where there is none.
template <typename Format>
std::string shown(const SweepFigure& figure, const Format& format) {
    if (figure.is_never) return std::string(result::never);
    if (figure.estimate.count == 0) return "-";
    if (std::isnan(figure.estimate.half_width)) return format(figure.estimate.mean);
    return fmt::format("{} +- {}", format(figure.estimate.mean), format(figure.estimate.half_width));
}

/// How many of the runs reached the target, where not all of them did.
std::string reached(const SweepPoint& point) {
    if (!point.reached || *point.reached == 0 || *point.reached == point.runs) return {};
    return fmt::format(" ({} of {})", *point.reached, point.runs);
}

/// The means of the moments on either side of the target, and a warning where they are far apart.
template <typename Format>
std::string bracket(const SweepPoint& point, const Format& format) {
    const auto mean_s = [&](std::string_view name) { return point.figure(name).estimate.mean; };
    const double low_s = mean_s("time_to_target_low_s");
    const double high_s = mean_s("time_to_target_high_s");
    if (std::isnan(low_s) || std::isnan(high_s)) return "-";
    result::Measures measures;
    measures.time_to_target_s.value = mean_s("time_to_target_s");
    measures.time_to_target_low_s = low_s;
    measures.time_to_target_high_s = high_s;
    const std::string low = format(low_s);  // in the unit of `high`
    return fmt::format("{}-{}{}", low.substr(0, low.find(' ')), format(high_s),
                       measures.is_target_coarse() ? " (coarse)" : "");
}

}  // namespace

std::string to_text(std::span<const std::string> keys, std::span<const SweepPoint> points) {
    const bool any_target =
        std::ranges::any_of(points, [](const SweepPoint& point) { return point.reached.has_value(); });
    const bool any_failed =
        std::ranges::any_of(points, [](const SweepPoint& point) { return point.failed > 0; });
    const bool any_stalled =
        std::ranges::any_of(points, [](const SweepPoint& point) { return point.stalled > 0; });
    std::vector<TextTable::Column> columns;
    for (const std::string& key : keys) columns.push_back({key});
    for (const char* heading : {"time", "accuracy"}) columns.push_back({heading});
    if (any_target)
        for (const char* heading : {"time to target", "met between"}) columns.push_back({heading});
    columns.push_back({"waiting"});
    if (any_failed) columns.push_back({"failed"});
    if (any_stalled) columns.push_back({"stalled"});
    TextTable table(columns);
    const auto times = times_of(points, "elapsed_s");
    const auto times_to_target = times_of(points, "time_to_target_s");
    for (const SweepPoint& point : points) {
        std::vector<std::string> cells = point.values;
        cells.push_back(shown(point.figure("elapsed_s"), times));
        cells.push_back(shown(point.figure("test_accuracy"), four_decimals));
        if (any_target) {
            cells.push_back(shown(point.figure("time_to_target_s"), times_to_target) + reached(point));
            cells.push_back(bracket(point, times_to_target));
        }
        cells.push_back(shown(point.figure("wait_share"), base::format_share));
        if (any_failed)
            cells.push_back(point.failed == 0 ? "" : fmt::format("{} of {}", point.failed, point.runs));
        if (any_stalled)
            cells.push_back(point.stalled == 0 ? "" : fmt::format("{} of {}", point.stalled, point.runs));
        table.add_row(std::move(cells));
    }
    return table.render();
}

}  // namespace lockstep::study
