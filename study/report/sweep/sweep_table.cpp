#include "study/report/sweep/sweep_table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "study/report/sweep/sweep_rows.hpp"
#include "study/sweep/key_numbers.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;

/// The values of a key that occur, in the order of the rows or of their numbers.
SweepKey make_key(const SweepRows& rows, std::size_t place) {
    SweepKey key;
    key.key = rows.keys[place];
    for (const SweepRowText& row : rows.rows)
        if (std::ranges::find(key.values, row.values[place]) == key.values.end())
            key.values.push_back(row.values[place]);
    const auto found = key_numbers(key.key, key.values);
    if (!found) return key;
    std::vector<std::pair<double, std::string>> numbered;
    for (std::size_t i = 0; i < key.values.size(); ++i)
        numbered.emplace_back(found->numbers[i], std::move(key.values[i]));
    std::ranges::stable_sort(numbered, {}, &std::pair<double, std::string>::first);
    key.values.clear();
    for (auto& [number, value] : numbered) {
        key.numbers.push_back(number);
        key.values.push_back(std::move(value));
    }
    key.unit = found->unit;
    return key;
}

/// Runs that came to a standstill have no figures, as in summary.csv.
Estimate estimate_of(std::span<const SweepRowText* const> rows, std::size_t figure) {
    std::vector<double> numbers;
    for (const SweepRowText* row : rows)
        if (row->outcome != "stalled") numbers.push_back(row->figures[figure]);
    return estimate(numbers);
}

SweptPoint make_point(std::span<const SweepRowText* const> rows, std::span<const std::size_t> key_places,
                      const SweepTable& table) {
    const SweepRowText& first = *rows.front();
    SweptPoint point;
    for (std::size_t i = 0; i < table.keys.size(); ++i) {
        const std::vector<std::string>& values = table.keys[i].values;
        point.places.push_back(static_cast<std::size_t>(
            std::ranges::find(values, first.values[key_places[i]]) - values.begin()));
    }
    point.runs = rows.size();
    point.failed = static_cast<std::size_t>(
        std::ranges::count(rows, std::string("failed"), [](const auto* row) { return row->outcome; }));
    point.method = first.method;
    point.workers = first.workers;
    for (std::size_t figure = 0; figure < sweep_figures.size(); ++figure)
        point.figures.push_back(estimate_of(rows, figure));
    return point;
}

/// Figures that no point has are left out.
void drop_empty_figures(SweepTable& table) {
    std::vector<std::size_t> kept;
    for (std::size_t figure = 0; figure < sweep_figures.size(); ++figure)
        if (std::ranges::any_of(table.points,
                                [&](const SweptPoint& point) { return point.figures[figure].count > 0; }))
            kept.push_back(figure);
    for (SweptPoint& point : table.points) {
        std::vector<Estimate> figures;
        figures.reserve(kept.size());
        for (const std::size_t figure : kept) figures.push_back(point.figures[figure]);
        point.figures = std::move(figures);
    }
    for (const std::size_t figure : kept) table.figures.emplace_back(sweep_figures[figure]);
}

SweepTable make_table(std::string name, const SweepRows& rows) {
    SweepTable table;
    table.name = std::move(name);
    std::vector<std::size_t> key_places;
    for (std::size_t place = 0; place < rows.keys.size(); ++place) {
        SweepKey key = make_key(rows, place);
        if (key.values.size() < 2) continue;
        table.keys.push_back(std::move(key));
        key_places.push_back(place);
    }
    std::map<std::size_t, std::vector<const SweepRowText*>> by_point;
    std::set<std::string> failures;
    for (const SweepRowText& row : rows.rows) {
        by_point[row.point].push_back(&row);
        if (!row.failure.empty() && failures.insert(row.failure).second)
            table.failures.push_back(row.failure);
    }
    for (const auto& [number, of_point] : by_point)
        table.points.push_back(make_point(of_point, key_places, table));
    drop_empty_figures(table);
    return table;
}

}  // namespace

Estimate SweepTable::figure(const SweptPoint& point, std::string_view figure) const {
    const auto found = std::ranges::find(figures, figure);
    return found == figures.end() ? Estimate{}
                                  : point.figures[static_cast<std::size_t>(found - figures.begin())];
}

SweepTable read_sweep_table(const fs::path& folder, Parts parts) {
    const std::string file = (folder / "sweep.csv").string();
    std::string problem;
    try {
        if (!fs::exists(folder / "sweep.csv"))
            throw base::InputError(fmt::format(
                "{}: it is missing: the sweep has not ended; the same command goes on with it", file));
        return make_table(folder_name(folder),
                          read_sweep_rows(base::read_file(file, base::most_of_tables), file));
    } catch (const base::InputError& error) {
        problem = error.what();
    }
    std::vector<std::string> problems{problem};
    const SweepRows finished = read_finished_runs(folder / "runs", problems);
    if (finished.rows.empty()) throw base::InputError(fmt::format("{}; nothing here is usable", problem));
    if (parts == Parts::all_or_nothing)
        throw base::InputError(fmt::format("{}; usable: {} finished runs in {}; --partial shows that",
                                           problem, finished.rows.size(), (folder / "runs").string()));
    SweepTable table = make_table(folder_name(folder), finished);
    table.problems = std::move(problems);
    return table;
}

}  // namespace lockstep::study
