#include "study/plot/sweep_figure.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "option/lists.hpp"
#include "study/csv_table.hpp"
#include "study/run_folder.hpp"
#include "study/sweep/key_numbers.hpp"

namespace lockstep::study {
namespace {

using base::InputError;

constexpr double log_from = 30;  // times as large as the smallest value
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

double number(const std::string& cell) {
    double value = no_number;
    const auto end = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    return end.ptr == cell.data() + cell.size() && end.ec == std::errc() ? value : no_number;
}

/// The table of a sweep: its first columns are `point`, the swept keys, `runs`.
struct SummaryTable {
    std::string file;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;

    std::size_t column(const std::string& name) const {
        const auto found = std::ranges::find(header, name);
        if (found != header.end()) return static_cast<std::size_t>(found - header.begin());
        std::vector<std::string> known;
        for (const std::string& other : header)
            if (other.ends_with("_mean")) known.push_back(other.substr(0, other.size() - 5));
        throw InputError("--column", name.substr(0, name.find("_mean")), option::joined(known, ", "),
                         fmt::format("they are the columns of {}", file));
    }
    std::size_t keys_end() const { return column("runs"); }
};

SummaryTable read_table(const std::filesystem::path& folder) {
    require_kind(folder, FolderKind::sweep);
    SummaryTable table;
    table.file = (folder / "summary.csv").string();
    table.rows = parse_csv(base::read_file(table.file, base::most_of_tables), table.file);
    if (table.rows.size() < 2 || table.rows.front().front() != "point")
        throw InputError(table.file, "another table", "the summary.csv of a sweep",
                         "name the folder that lockstep sweep --out has filled");
    table.header = table.rows.front();
    table.rows.erase(table.rows.begin());
    return table;
}

std::string in_words(std::string name) {
    std::ranges::replace(name, '_', ' ');
    return name;
}

/// `elapsed (s)` of `elapsed_s`.
std::string with_unit(const std::string& column) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> units{
        {{"_per_s", "1/s"}, {"_s", "s"}, {"_J", "J"}}};
    for (const auto& [ending, unit] : units)
        if (column.ends_with(ending))
            return fmt::format("{} ({})", in_words(column.substr(0, column.size() - ending.size())), unit);
    return in_words(column);
}

/// What to draw against: the first key all of whose values are numbers.
struct XAxis {
    std::size_t column = 0;
    KeyNumbers values;  ///< for each row
};

XAxis x_axis(const SummaryTable& table) {
    for (std::size_t column = 1; column < table.keys_end(); ++column) {
        std::vector<std::string> texts;
        for (const auto& row : table.rows) texts.push_back(row[column]);
        if (auto numbers = key_numbers(table.header[column], texts)) return {column, std::move(*numbers)};
    }
    throw InputError(fmt::format("{}: no swept key has numbers as its values, to draw against", table.file));
}

}  // namespace

void draw_sweep(GnuplotScript& script, const std::filesystem::path& folder, const std::string& asked) {
    constexpr std::string_view ending = "_mean";  // of the column in summary.csv
    const std::string column =
        asked.ends_with(ending) ? asked.substr(0, asked.size() - ending.size()) : asked;
    const SummaryTable table = read_table(folder);
    const std::size_t mean = table.column(column + "_mean");
    const std::size_t interval = table.column(column + "_ci95");
    const XAxis x = x_axis(table);
    std::map<std::string, std::vector<std::vector<double>>> lines;
    double low = std::numeric_limits<double>::infinity();
    double high = 0;
    for (std::size_t point = 0; point < table.rows.size(); ++point) {
        const auto& row = table.rows[point];
        std::vector<std::string> others;
        for (std::size_t i = 1; i < table.keys_end(); ++i)
            if (i != x.column) others.push_back(fmt::format("{} {}", table.header[i], row[i]));
        const double half_width = number(row[interval]);
        const double at = x.values.numbers[point];
        lines[option::joined(others, ", ")].push_back(
            {at, number(row[mean]), std::isnan(half_width) ? 0 : half_width});
        low = std::min(low, at);
        high = std::max(high, at);
    }
    if (std::ranges::none_of(table.rows, [&](const auto& row) { return std::isfinite(number(row[mean])); }))
        throw InputError("--column", column, "one that some point has a value of",
                         "a timing-only sweep has no losses or accuracies");
    script.axes(x.values.title(table.header[x.column]), with_unit(column));
    if (low > 0 && high > log_from * low) script.command("set logscale x\nset format x '%g'");
    std::size_t i = 0;
    for (auto& [name, rows] : lines) {
        std::ranges::stable_sort(rows, {}, [](const auto& row) { return row.front(); });
        const std::string style =
            fmt::format("lw 2 ps 0.7 lc rgb {} dt {} pt {}", colour(i), i / 8 + 1, i + 4);
        script.plot(fmt::format("{} using 1:2:3 with yerrorlines {}", script.data(rows), style), name);
        ++i;
    }
}

}  // namespace lockstep::study
