#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "result/fields.hpp"
#include "study/csv_table.hpp"
#include "study/sweep/summary.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using Cells = std::vector<std::string>;

/// A row by the names of its columns.
class Row {
  public:
    Row(const Cells& header, const Cells& cells, const std::string& file)
        : header_(header), cells_(cells), file_(file) {}

    const std::string& at(std::string_view column) const {
        const auto found = std::ranges::find(header_, column);
        if (found == header_.end())
            throw InputError(fmt::format("{}: it has no column '{}'; is it of another version of lockstep?",
                                         file_, column));
        return cells_[static_cast<std::size_t>(found - header_.begin())];
    }

    /// NaN where the cell is empty.
    double number(std::string_view column) const {
        const std::string& cell = at(column);
        if (cell.empty()) return std::nan("");
        double value = 0;
        const auto [rest, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (problem != std::errc{} || rest != cell.data() + cell.size())
            throw InputError(fmt::format("{}: {}", file_, column), cell, "a number", "the file is damaged");
        return value;
    }

    std::size_t count(std::string_view column) const {
        const double value = number(column);
        if (!(value >= 0) || value != std::floor(value) || value > 1e9)
            throw InputError(fmt::format("{}: {}", file_, column), at(column), "a whole number",
                             "the file is damaged");
        return static_cast<std::size_t>(value);
    }

  private:
    const Cells& header_;
    const Cells& cells_;
    const std::string& file_;
};

SweepFigure figure_of(const Row& row, std::string_view name) {
    SweepFigure figure{name, {}};
    const std::string mean = fmt::format("{}_mean", name);
    figure.is_never = row.at(mean) == result::never;
    if (figure.is_never) return figure;
    figure.estimate.mean = row.number(mean);
    figure.estimate.half_width = row.number(fmt::format("{}_ci95", name));
    figure.estimate.count = std::isfinite(figure.estimate.mean) ? 1 : 0;
    return figure;
}

SweepPoint point_of(const Row& row, std::span<const std::string> values) {
    SweepPoint point;
    point.point = row.count("point");
    point.values.assign(values.begin(), values.end());
    point.runs = row.count("runs");
    point.failed = row.count("failed");
    point.stalled = row.count("stalled");
    if (!row.at("reached").empty()) point.reached = row.count("reached");
    for (const std::string_view name : sweep_figure_names()) point.figures.push_back(figure_of(row, name));
    return point;
}

}  // namespace

SweepSummary read_sweep_summary(const std::filesystem::path& folder) {
    const std::string file = (folder / "summary.csv").string();
    const std::vector<Cells> table = parse_csv(base::read_file(file, base::most_of_tables), file);
    if (table.empty()) throw InputError(fmt::format("{}: it is empty", file));
    const Cells& header = table.front();
    const auto end = std::ranges::find(header, "runs");
    if (header.front() != "point" || end == header.end())
        throw InputError(
            fmt::format("{}: it is not the summary of a sweep, which has columns 'point' and "
                        "'runs'; is it of another version of lockstep?",
                        file));
    SweepSummary summary;
    const auto keys = static_cast<std::size_t>(end - header.begin()) - 1;
    for (const std::string& column : std::span(header).subspan(1, keys))
        summary.keys.push_back(column.substr(column.starts_with("--") ? 2 : 0));
    for (const Cells& cells : std::span(table).subspan(1))
        summary.points.push_back(point_of(Row(header, cells, file), std::span(cells).subspan(1, keys)));
    return summary;
}

}  // namespace lockstep::study
