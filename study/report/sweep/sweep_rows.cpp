#include "study/report/sweep/sweep_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <type_traits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/few.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "result/fields.hpp"
#include "result/json.hpp"
#include "scenario/options/options.hpp"
#include "study/csv_table.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;
using base::InputError;
using Cells = std::vector<std::string>;

std::size_t column_of(const Cells& header, std::string_view name, const std::string& file) {
    const auto found = std::ranges::find(header, name);
    if (found == header.end())
        throw InputError(
            fmt::format("{}: it has no column '{}'; is it of another version of lockstep?", file, name));
    return static_cast<std::size_t>(found - header.begin());
}

/// A cell as a number: NaN where it is empty, infinite where it is `never`.
double figure_of(const std::string& cell, const std::string& file, std::string_view column) {
    if (cell.empty()) return std::nan("");
    if (cell == result::never) return result::AtTarget::never;
    double number = 0;
    const auto end = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    if (end.ec != std::errc() || end.ptr != cell.data() + cell.size())
        throw InputError(fmt::format("{}: {}", file, column), cell, "a number", "the file is damaged");
    return number;
}

std::size_t whole_of(const std::string& cell, const std::string& file, std::string_view column) {
    const double number = figure_of(cell, file, column);
    if (!(number >= 0) || number > 1e9 || number != std::floor(number))
        throw InputError(fmt::format("{}: {}", file, column), cell, "a whole number", "the file is damaged");
    return static_cast<std::size_t>(number);
}

/// Where single columns of sweep.csv are.
struct Columns {
    std::size_t point, seed, method, workers, outcome, failure;
    std::vector<std::size_t> figures;
};

Columns columns_of(const Cells& header, const std::string& file) {
    const auto at = [&](std::string_view name) { return column_of(header, name, file); };
    Columns columns{at("point"), at("seed"), at("method"), at("workers"), at("outcome"), at("failure"), {}};
    for (const std::string_view figure : sweep_figures) columns.figures.push_back(at(figure));
    return columns;
}

SweepRowText read_row(const Cells& cells, const Columns& columns, const std::string& file) {
    SweepRowText row;
    row.point = whole_of(cells[columns.point], file, "point");
    for (std::size_t i = columns.seed + 1; i < columns.outcome; ++i) row.values.push_back(cells[i]);
    row.method = cells[columns.method];
    row.workers = whole_of(cells[columns.workers], file, "workers");
    row.outcome = cells[columns.outcome];
    for (std::size_t i = 0; i < sweep_figures.size(); ++i)
        row.figures.push_back(figure_of(cells[columns.figures[i]], file, sweep_figures[i]));
    row.failure = cells[columns.failure];
    return row;
}

/// Seeds are swept where points differ in nothing else: then each point has one, and they are a key.
bool sweeps_seeds(const SweepRows& all, std::span<const std::string> seeds) {
    std::map<Cells, std::set<std::size_t>> points;
    std::map<std::size_t, std::set<std::string>> seeds_of;
    for (std::size_t i = 0; i < all.rows.size(); ++i) {
        points[all.rows[i].values].insert(all.rows[i].point);
        seeds_of[all.rows[i].point].insert(seeds[i]);
    }
    const auto has_one = [](const auto& entry) { return entry.second.size() == 1; };
    return !std::ranges::all_of(points, has_one) && std::ranges::all_of(seeds_of, has_one);
}

SweepRowText row_of(const result::Result& result) {
    SweepRowText row;
    row.method = result.config.method.name();
    row.workers = result.config.workers;
    row.outcome = result::name(result.summary.outcome);
    row.figures.assign(sweep_figures.size(), std::nan(""));
    result::visit_fields(
        [&](std::string_view name, const auto& member) {
            using Member = std::remove_cvref_t<decltype(member)>;
            const auto* const found = std::ranges::find(sweep_figures, name);
            if (found == sweep_figures.end()) return;
            double& figure = row.figures[static_cast<std::size_t>(found - sweep_figures.begin())];
            if constexpr (std::is_same_v<Member, double>) figure = member;
            if constexpr (std::is_same_v<Member, result::AtTarget>) figure = member.value;
        },
        result.summary);
    return row;
}

/// The keys in which the configurations differ, without the seed, which tells replicates apart.
std::vector<const scenario::Option*> differing(std::span<const result::Result> results) {
    std::vector<const scenario::Option*> keys;
    for (const scenario::Option& option : scenario::options()) {
        if (scenario::decides_nothing(option.group) || option.key == "seed") continue;
        std::set<std::string> values;
        for (const result::Result& result : results) values.insert(option.kind.get(result.config));
        if (values.size() > 1) keys.push_back(&option);
    }
    return keys;
}

}  // namespace

SweepRows read_sweep_rows(std::string_view text, const std::string& file) {
    const std::vector<Cells> table = parse_csv(text, file);
    if (table.size() < 2) throw InputError(fmt::format("{}: it holds no run", file));
    const Cells& header = table.front();
    const Columns columns = columns_of(header, file);
    if (columns.seed >= columns.outcome)
        throw InputError(fmt::format("{}: its columns are not in order; the file is damaged", file));
    SweepRows all;
    for (std::size_t i = columns.seed + 1; i < columns.outcome; ++i)
        all.keys.push_back(header[i].substr(std::min(header[i].find_first_not_of('-'), header[i].size())));
    Cells seeds;
    for (const Cells& cells : std::span(table).subspan(1)) {
        all.rows.push_back(read_row(cells, columns, file));
        seeds.push_back(cells[columns.seed]);
    }
    if (!sweeps_seeds(all, seeds)) return all;
    all.keys.emplace_back("seed");
    for (std::size_t i = 0; i < all.rows.size(); ++i) all.rows[i].values.push_back(seeds[i]);
    return all;
}

SweepRows read_finished_runs(const fs::path& runs, std::vector<std::string>& problems) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(runs, ignored))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<result::Result> results;
    std::vector<std::string> unreadable;
    for (const fs::path& file : files) {
        try {
            results.push_back(result::from_json(base::read_file(file, base::most_of_json), file.string()));
        } catch (const InputError& problem) {
            unreadable.emplace_back(problem.what());
        }
    }
    base::add_few(problems, unreadable, "more results could not be read");
    SweepRows all;
    const std::vector<const scenario::Option*> keys = differing(results);
    for (const scenario::Option* key : keys) all.keys.emplace_back(key->key);
    std::map<Cells, std::size_t> points;
    for (const result::Result& result : results) {
        SweepRowText& row = all.rows.emplace_back(row_of(result));
        for (const scenario::Option* key : keys) row.values.push_back(key->kind.get(result.config));
        row.point = points.try_emplace(row.values, points.size() + 1).first->second;
    }
    return all;
}

}  // namespace lockstep::study
