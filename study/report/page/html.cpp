#include "study/report/page/html.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/units.hpp"

namespace lockstep::study {
namespace {

constexpr const char* nothing = "-";

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
    constexpr double noise_s = 1e-12;
    return base::format_time(std::abs(seconds) < noise_s ? 0 : seconds);
}

HtmlCell time_cell(double seconds) {
    if (!std::isfinite(seconds)) return nothing;
    return {time_text(seconds), seconds};
}

HtmlCell share_cell(double share) {
    if (!std::isfinite(share)) return nothing;
    return {fmt::format("{:.1f} %", 100 * share), share};
}

HtmlCell number_cell(double number, int digits) {
    if (!std::isfinite(number)) return nothing;
    return {fmt::format("{:.{}f}", number, digits), number};
}

HtmlCell bytes_cell(double bytes) {
    if (!std::isfinite(bytes)) return nothing;
    return {base::format_bytes(bytes), bytes};
}

HtmlCell count_cell(std::optional<std::uint64_t> count) {
    if (!count) return nothing;
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
    for (const std::vector<HtmlCell>& row : table.rows) append_row(html, table, row);
    html += "</tbody></table></div>\n";
    return html;
}

}  // namespace lockstep::study
