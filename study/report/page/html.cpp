#include "study/report/page/html.hpp"

#include <cmath>

#include <fmt/format.h>

namespace lockstep::study {
namespace {

constexpr const char* no_figure = "-";

std::string cell_content(const HtmlCell& cell) {
    if (!cell.exact) return escaped(cell.text);
    return fmt::format("<data value=\"{}\">{}</data>", *cell.exact, escaped(cell.text));
}

void append_row(std::string& html, const HtmlTable& table, const std::vector<HtmlCell>& row) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
        const bool is_number = i < table.columns.size() && table.columns[i].is_number;
        const char* element = i == 0 ? "th" : "td";
        html += fmt::format("<{}{}{}>", element, i == 0 ? " scope=\"row\"" : "",
                            is_number ? " class=\"number\"" : "");
        html += cell_content(row[i]);
        html += fmt::format("</{}>", element);
    }
    html += "</tr>\n";
}

/// Less than a picosecond is rounding.
double without_noise(double seconds) {
    constexpr double noise_s = 1e-12;
    return std::abs(seconds) < noise_s ? 0 : seconds;
}

/// A column's cells of one quantity in one unit.
void unite_units(std::vector<std::vector<HtmlCell>>& rows, std::size_t column) {
    for (const auto chooser : {base::column_of_times, base::column_of_bytes}) {
        const auto concerns = [&](const std::vector<HtmlCell>& row) {
            return column < row.size() && row[column].column_unit == chooser;
        };
        std::vector<double> values;
        for (const auto& row : rows)
            if (concerns(row)) values.push_back(*row[column].exact);
        const base::ColumnUnit unit = chooser(values);
        for (auto& row : rows)
            if (concerns(row)) row[column].text = unit.format(*row[column].exact);
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string html;
    html.reserve(text.size());
    for (const char letter : text) {
        switch (letter) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            case '\'':
                html += "&#39;";
                break;
            default:
                html += letter;
        }
    }
    return html;
}

std::string time_text(double seconds) {
    return base::format_time(without_noise(seconds));
}

HtmlCell time_cell(double seconds) {
    if (!std::isfinite(seconds)) return no_figure;
    return {without_noise(seconds), base::column_of_times};
}

HtmlCell share_cell(double share) {
    if (!std::isfinite(share)) return no_figure;
    return {base::format_share(share), share};
}

HtmlCell number_cell(double number, int decimals) {
    if (!std::isfinite(number)) return no_figure;
    return {base::format_number(number, {.decimals = decimals}), number};
}

HtmlCell bytes_cell(double bytes) {
    if (!std::isfinite(bytes)) return no_figure;
    return {bytes, base::column_of_bytes};
}

HtmlCell count_cell(std::optional<std::uint64_t> count) {
    if (!count) return no_figure;
    return {fmt::format("{}", *count), static_cast<double>(*count)};
}

std::string to_html(const HtmlTable& table) {
    const std::string caption = escaped(table.caption);
    std::string html = fmt::format(
        "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n"
        "<table><caption>{0}</caption>\n<thead><tr>",
        caption);
    for (const HtmlTable::Column& column : table.columns)
        html += fmt::format("<th scope=\"col\"{}>{}</th>", column.is_number ? " class=\"number\"" : "",
                            escaped(column.title));
    html += "</tr></thead>\n<tbody>\n";
    auto rows = table.rows;
    for (std::size_t i = 0; i < table.columns.size(); ++i) unite_units(rows, i);
    for (const std::vector<HtmlCell>& row : rows) append_row(html, table, row);
    html += "</tbody></table></div>\n";
    return html;
}

}  // namespace lockstep::study
