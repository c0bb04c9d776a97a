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

std::string four_digits(double number) {
    return fmt::format("{:.4f}", number);
}
std::string percent(double share) {
    return fmt::format("{:.1f} %", 100 * share);
}

/// `1.2 s +- 0.1 s`; without the interval where there is none.
std::string shown(const SweepFigure& figure, std::string (*format)(double)) {
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

}  // namespace

std::string to_text(const SweepPlan& plan, std::span<const SweepPoint> points) {
    const bool any_target =
        std::ranges::any_of(points, [](const SweepPoint& point) { return point.reached.has_value(); });
    const bool any_failed =
        std::ranges::any_of(points, [](const SweepPoint& point) { return point.failed > 0; });
    const bool any_stalled =
        std::ranges::any_of(points, [](const SweepPoint& point) { return point.stalled > 0; });
    std::vector<TextTable::Column> columns;
    for (const scenario::Option* option : plan.swept()) columns.push_back({std::string(option->key)});
    for (const char* heading : {"time", "accuracy"}) columns.push_back({heading});
    if (any_target) columns.push_back({"time to target"});
    columns.push_back({"waiting"});
    if (any_failed) columns.push_back({"failed"});
    if (any_stalled) columns.push_back({"stalled"});
    TextTable table(columns);
    for (const SweepPoint& point : points) {
        std::vector<std::string> cells = point.values;
        cells.push_back(shown(point.figure("elapsed_s"), base::format_time));
        cells.push_back(shown(point.figure("test_accuracy"), four_digits));
        if (any_target)
            cells.push_back(shown(point.figure("time_to_target_s"), base::format_time) + reached(point));
        cells.push_back(shown(point.figure("wait_share"), percent));
        if (any_failed)
            cells.push_back(point.failed == 0 ? "" : fmt::format("{} of {}", point.failed, point.runs));
        if (any_stalled)
            cells.push_back(point.stalled == 0 ? "" : fmt::format("{} of {}", point.stalled, point.runs));
        table.add_row(std::move(cells));
    }
    return table.render();
}

}  // namespace lockstep::study
