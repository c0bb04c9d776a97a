#include "study/report/sweep/sweep_map.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/units.hpp"
#include "study/report/sweep/contenders.hpp"
#include "study/report/sweep/sweep_lines.hpp"

namespace lockstep::study {
namespace {

constexpr std::size_t ordered_classes = 6;
constexpr std::size_t most_maps = 24;

/// The values of the axes that a map does not show, in words.
std::string rest_name(const SweepTable& sweep, const SweptPoint& point, std::span<const std::size_t> rest) {
    std::string name;
    for (const std::size_t key : rest)
        name += fmt::format(", {} {}", sweep.keys[key].key, sweep.keys[key].values[point.places[key]]);
    return name;
}

/// One contender at one place.
struct Entry {
    std::size_t contender = 0;
    std::size_t ended = 0;  ///< runs
    Estimate estimate;

    double share() const { return static_cast<double>(estimate.count) / static_cast<double>(ended); }
};

/// The entries of a place, of which at least one has the figure: the best one first, then `ties - 1` that
/// cannot be told from it, then the others.
struct EntriesAtPlace {
    std::vector<Entry> entries;
    std::size_t ties = 1;

    const Entry& best() const { return entries.front(); }
    double value() const { return best().estimate.mean; }
};

using CellsByPlace = std::map<std::pair<std::size_t, std::size_t>, EntriesAtPlace>;

bool cannot_be_told(const Entry& a, const Entry& b) {
    const auto half_width = [](const Entry& entry) {
        return std::isfinite(entry.estimate.half_width) ? entry.estimate.half_width : 0;
    };
    return a.share() == b.share() &&
           std::abs(a.estimate.mean - b.estimate.mean) <= half_width(a) + half_width(b);
}

/// Those more of whose runs have the figure come first, then those with the better mean.
void rank(EntriesAtPlace& cell, bool more_wins) {
    std::ranges::stable_sort(cell.entries, [&](const Entry& a, const Entry& b) {
        if (a.share() != b.share()) return a.share() > b.share();
        return more_wins ? a.estimate.mean > b.estimate.mean : a.estimate.mean < b.estimate.mean;
    });
    while (cell.ties < cell.entries.size() && cannot_be_told(cell.best(), cell.entries[cell.ties]))
        ++cell.ties;
}

std::string number(double value) {
    return base::format_number(value, {.significant = 4});
}

/// Where not all runs have the figure, how many do.
std::string some_of(const Entry& entry) {
    return entry.estimate.count < entry.ended
               ? fmt::format(" ({} of {} runs)", entry.estimate.count, entry.ended)
               : "";
}

/// `a`, or `tie: a, b`.
std::string winners(const EntriesAtPlace& cell, const Contenders& contenders) {
    std::string names = cell.ties > 1 ? "tie: " : "";
    for (std::size_t i = 0; i < cell.ties; ++i)
        names.append(i == 0 ? "" : ", ").append(contenders.names[cell.entries[i].contender]);
    return names;
}

/// The cells of a map of winners; ties are a class of their own.
void fill_winners(MapView& view, const CellsByPlace& cells, const Contenders& contenders,
                  std::string_view figure) {
    view.classes = contenders.names;
    const std::size_t tie = contenders.names.size();
    for (const auto& [place, cell] : cells) {
        if (cell.ties > 1 && view.classes.size() == tie) view.classes.emplace_back("tie");
        view.cells.push_back({place.first, place.second, cell.ties > 1 ? tie : cell.best().contender,
                              fmt::format("{}: {}{}, {} {}, {} {}", winners(cell, contenders),
                                          number(cell.value()), some_of(cell.best()), view.x_title,
                                          view.columns[place.first], view.y_title, view.rows[place.second])});
    }
    view.name = std::string(more_is_better(figure) ? "most " : "least ") + view.name;
}

/// The cells of a map of one figure: classes of equal width, of its logarithm where it spans much.
void fill_values(MapView& view, const CellsByPlace& cells) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const auto& [place, cell] : cells) {
        low = std::min(low, cell.value());
        high = std::max(high, cell.value());
    }
    const bool is_log = is_wide({low, high});
    const auto edge = [&](std::size_t i) {
        const double share = static_cast<double>(i) / ordered_classes;
        return is_log ? std::exp(std::lerp(std::log(low), std::log(high), share))
                      : std::lerp(low, high, share);
    };
    view.is_ordered = true;
    for (std::size_t i = 0; i < ordered_classes; ++i)
        view.classes.push_back(fmt::format("{} to {}", number(edge(i)), number(edge(i + 1))));
    for (const auto& [place, cell] : cells) {
        std::size_t place_of_class = 0;
        while (place_of_class + 1 < ordered_classes && cell.value() > edge(place_of_class + 1))
            ++place_of_class;
        view.cells.push_back(
            {place.first, place.second, place_of_class,
             fmt::format("{}{}: {} {}, {} {}", number(cell.value()), some_of(cell.best()), view.x_title,
                         view.columns[place.first], view.y_title, view.rows[place.second])});
    }
}

/// The maps of one figure, by the values of the axes that they do not show.
std::map<std::string, CellsByPlace> cells_of(const SweepTable& sweep, const Contenders& contenders,
                                             std::string_view figure) {
    const std::span<const std::size_t> rest = std::span(contenders.axes).subspan(2);
    std::map<std::string, CellsByPlace> maps;
    for (std::size_t i = 0; i < sweep.points.size(); ++i) {
        const SweptPoint& point = sweep.points[i];
        const Estimate estimate = sweep.figure(point, figure);
        if (estimate.count == 0) continue;
        EntriesAtPlace& cell = maps[rest_name(sweep, point, rest)]
                                   [{point.places[contenders.axes[0]], point.places[contenders.axes[1]]}];
        cell.entries.push_back({contenders.of_point[i], point.ended(), estimate});
    }
    for (auto& [name, cells] : maps)
        for (auto& [place, cell] : cells) rank(cell, more_is_better(figure));
    return maps;
}

}  // namespace

bool more_is_better(std::string_view figure) {
    return figure == "test_accuracy" || figure == "samples_per_s";
}

std::vector<MapView> sweep_maps(const SweepTable& sweep) {
    const Contenders contenders = Contenders::of(sweep);
    std::vector<MapView> views;
    if (contenders.axes.size() < 2) return views;
    for (const std::string_view figure : {"time_to_target_s", "elapsed_s", "test_accuracy"}) {
        for (const auto& [rest, cells] : cells_of(sweep, contenders, figure)) {
            if (views.size() == most_maps) return views;
            const SweepKey& x = sweep.keys[contenders.axes[0]];
            const SweepKey& y = sweep.keys[contenders.axes[1]];
            MapView& view = views.emplace_back(
                MapView{figure_title(figure) + rest, x.key, y.key, x.values, y.values, {}, false, {}});
            if (contenders.names.size() > 1)
                fill_winners(view, cells, contenders, figure);
            else
                fill_values(view, cells);
        }
    }
    return views;
}

}  // namespace lockstep::study
