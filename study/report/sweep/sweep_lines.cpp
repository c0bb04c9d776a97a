#include "study/report/sweep/sweep_lines.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "study/report/sweep/contenders.hpp"

namespace lockstep::study {
namespace {

constexpr double wide = 50;

/// What tells a line from the others: values of all keys but one.
std::string line_name(const SweepTable& sweep, const SweptPoint& point, std::size_t without) {
    std::string name;
    for (std::size_t key = 0; key < sweep.keys.size(); ++key) {
        if (key == without) continue;
        const std::string& value = sweep.keys[key].values[point.places[key]];
        name += name.empty() ? "" : ", ";
        name += sweep.keys[key].key == "method" ? value : fmt::format("{} {}", sweep.keys[key].key, value);
    }
    return name;
}

/// What competing lines have in common: where methods are swept, the values of all keys that do not go with
/// them.
std::string group_name(const SweepTable& sweep, const Contenders& contenders, const SweptPoint& point,
                       std::size_t without) {
    std::string name;
    if (contenders.names.size() < 2) return name;
    for (const std::size_t key : contenders.axes)
        if (key != without)
            name += fmt::format("{}{} {}", name.empty() ? "" : ", ", sweep.keys[key].key,
                                sweep.keys[key].values[point.places[key]]);
    return name;
}

/// The y of a line where it has a point at exactly this x; NaN elsewhere.
double at(const LineSeries& line, double x) {
    for (const ChartPoint& point : line.points)
        if (point.x == x) return point.y;
    return std::numeric_limits<double>::quiet_NaN();
}

/// Whether the line has a point there that only some of its runs have.
bool is_of_some(const LineSeries& line, double x) {
    return std::ranges::any_of(line.points,
                               [&](const ChartPoint& point) { return point.x == x && !point.is_of_all; });
}

/// Where two lines cross that change order between `low` and `high`, at `between` where they are equal there.
Crossing cross(const LineSeries& a, const LineSeries& b, double low, double high, double between,
               bool is_log) {
    const bool a_is_lower = at(a, low) < at(b, low);
    const std::string& before = a_is_lower ? a.name : b.name;
    const std::string& after = a_is_lower ? b.name : a.name;
    if (std::isfinite(between)) return {between, at(a, between), before, after};
    const double difference = at(a, low) - at(b, low);
    const double share = difference / (difference - at(a, high) + at(b, high));
    const double x =
        is_log ? std::exp(std::lerp(std::log(low), std::log(high), share)) : std::lerp(low, high, share);
    return {x, std::lerp(at(a, low), at(a, high), share), before, after};
}

void add_crossings(const LineSeries& a, const LineSeries& b, bool is_log, std::vector<Crossing>& found) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    double last = none;   // where they last differed
    double equal = none;  // where they have been equal since
    for (const ChartPoint& point : a.points) {
        if (!point.is_of_all || is_of_some(b, point.x)) {
            last = equal = none;
            continue;
        }
        const double difference = point.y - at(b, point.x);
        if (!std::isfinite(difference)) continue;
        if (difference == 0) {
            equal = point.x;
            continue;
        }
        if (std::isfinite(last) && difference * (at(a, last) - at(b, last)) < 0)
            found.push_back(cross(a, b, last, point.x, equal, is_log));
        last = point.x;
        equal = none;
    }
}

template <typename Measure>
std::vector<LineSeries> over_fewest(const std::vector<LineSeries>& lines, Measure measure) {
    std::vector<LineSeries> all;
    for (const LineSeries& line : lines) {
        if (line.points.empty() || !(line.points.front().y > 0)) continue;
        const ChartPoint first = line.points.front();
        LineSeries& result = all.emplace_back(LineSeries{line.name, {}, {}, false, line.group});
        for (const ChartPoint& point : line.points) result.points.push_back({point.x, measure(point, first)});
    }
    return all;
}

}  // namespace

std::string figure_title(std::string_view figure) {
    static const std::map<std::string_view, std::string_view> titles{
        {"elapsed_s", "time of the run (s)"},
        {"time_to_target_s", "time to the target accuracy (s)"},
        {"test_accuracy", "test accuracy"},
        {"test_loss", "test loss"},
        {"samples_per_s", "samples a second"},
        {"compute_share", "share of computing"},
        {"wait_share", "share of waiting"},
        {"transfer_share", "share of transfer"},
        {"mean_staleness", "mean staleness (versions)"},
        {"energy_J", "energy (J)"}};
    const auto found = titles.find(figure);
    return std::string(found == titles.end() ? figure : found->second);
}

std::string key_title(const SweepKey& key) {
    return key.unit.empty() ? key.key : fmt::format("{} ({})", key.key, key.unit);
}

bool is_wide(const std::vector<double>& numbers) {
    return numbers.size() > 1 && numbers.front() > 0 && numbers.back() >= wide * numbers.front();
}

std::vector<LineSeries> figure_lines(const SweepTable& sweep, std::size_t key, std::string_view figure) {
    std::vector<LineSeries> lines;
    const Contenders contenders = Contenders::of(sweep);
    for (const SweptPoint& point : sweep.points) {
        const Estimate estimate = sweep.figure(point, figure);
        if (estimate.count == 0) continue;
        const std::string name = line_name(sweep, point, key);
        auto line = std::ranges::find(lines, name, &LineSeries::name);
        if (line == lines.end())
            line = lines.insert(lines.end(),
                                LineSeries{name, {}, {}, false, group_name(sweep, contenders, point, key)});
        line->points.push_back({sweep.keys[key].numbers[point.places[key]], estimate.mean,
                                estimate.mean - estimate.half_width, estimate.mean + estimate.half_width,
                                estimate.count >= point.ended()});
    }
    std::erase_if(lines, [](const LineSeries& line) { return line.points.size() < 2; });
    for (LineSeries& line : lines) {
        std::ranges::stable_sort(line.points, {}, &ChartPoint::x);
        if (line.name.empty()) line.name = figure_title(figure);
    }
    return lines;
}

std::vector<Crossing> crossings(const std::vector<LineSeries>& lines, bool is_log) {
    std::vector<Crossing> found;
    for (std::size_t i = 0; i < lines.size(); ++i)
        for (std::size_t j = i + 1; j < lines.size(); ++j)
            if (lines[i].group == lines[j].group) add_crossings(lines[i], lines[j], is_log, found);
    std::ranges::stable_sort(found, {}, &Crossing::x);
    return found;
}

std::vector<LineView> readable(const LineView& view) {
    constexpr std::size_t most_together = 8;
    std::vector<std::string> groups;
    for (const LineSeries& line : view.series)
        if (std::ranges::find(groups, line.group) == groups.end()) groups.push_back(line.group);
    std::vector<LineView> views;
    if (view.series.size() <= most_together || groups.size() < 2) {
        views.push_back(view);
    } else {
        for (const std::string& group : groups) {
            LineView& part = views.emplace_back(view);
            part.name += ", " + group;
            std::erase_if(part.series, [&](const LineSeries& line) { return line.group != group; });
        }
    }
    for (LineView& part : views) part.series.resize(std::min(part.series.size(), most_drawn_lines));
    return views;
}

std::vector<LineSeries> speed_ups(const std::vector<LineSeries>& throughputs) {
    return over_fewest(throughputs,
                       [](const ChartPoint& point, const ChartPoint& first) { return point.y / first.y; });
}

std::vector<LineSeries> efficiencies(const std::vector<LineSeries>& throughputs) {
    return over_fewest(throughputs, [](const ChartPoint& point, const ChartPoint& first) {
        return point.y / first.y * first.x / point.x;
    });
}

}  // namespace lockstep::study
