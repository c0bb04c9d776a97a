#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"

namespace lockstep::study {

/// Text for element content and attribute values: `<`, `>`, `&` and both quotes cannot be markup any more.
std::string escaped(std::string_view text);

/// What a cell of a table shows, and the number behind it where that is more exact.
struct HtmlCell {
    std::string text;
    std::optional<double> exact;  ///< becomes the value of a <data> element
    /// Where all cells of a column that have it are shown in one unit, whatever `text` says: how to choose
    /// it.
    base::ColumnUnit (*column_unit)(std::span<const double>) = nullptr;

    HtmlCell(std::string shown)
        : text(std::move(shown)) {}               // NOLINT(google-explicit-constructor): a cell is text
    HtmlCell(const char* shown) : text(shown) {}  // NOLINT(google-explicit-constructor): likewise
    HtmlCell(std::string shown, double value) : text(std::move(shown)), exact(value) {}
    HtmlCell(double value, base::ColumnUnit (*unit)(std::span<const double>))
        : text(unit({&value, 1}).format(value)), exact(value), column_unit(unit) {}
};

/// `9.98 s`; less than a picosecond is rounding and shown as `0 s`.
std::string time_text(double seconds);

/// `9.98 s` behind which 9.9812345 stands; `-` where there is no number. Shares are shown in per cent,
/// numbers with so many decimals at least; times and bytes of a column have one unit.
HtmlCell time_cell(double seconds);
HtmlCell share_cell(double share);
HtmlCell number_cell(double number, int decimals = 4);
HtmlCell bytes_cell(double bytes);
HtmlCell count_cell(std::optional<std::uint64_t> count);

struct HtmlTable {
    struct Column {
        std::string title;
        bool is_number = true;
    };
    std::string caption;  ///< names the table to readers of all kinds
    std::vector<Column> columns;
    std::vector<std::vector<HtmlCell>> rows;  ///< the first cell of each is its heading
};

/// With a region around it that scrolls, by keyboard too, where the table is wider than the page.
std::string to_html(const HtmlTable& table);

}  // namespace lockstep::study
