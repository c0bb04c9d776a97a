#include "result/text_table.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/terminal.hpp"

namespace lockstep::result {
namespace {

constexpr std::size_t gap = 2;

std::string line(const std::vector<TextTable::Column>& columns, const std::vector<std::size_t>& widths,
                 const std::vector<std::string>& cells, std::size_t indent) {
    std::string text(indent, ' ');
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string padding(widths[i] - cells[i].size(), ' ');
        if (i > 0) text.append(gap, ' ');
        text += columns[i].align == TextTable::Align::left ? cells[i] + padding : padding + cells[i];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + '\n';
}

}  // namespace

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {
    for (Column& column : columns_) column.heading = base::printable(column.heading);
}

void TextTable::add_row(std::vector<std::string> cells) {
    assert(cells.size() <= columns_.size());
    for (std::string& cell : cells) cell = base::printable(cell);
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
}

std::string TextTable::render(std::size_t indent) const {
    std::vector<std::size_t> widths;
    std::vector<std::string> headings;
    std::vector<std::string> rules;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t width = columns_[i].heading.size();
        for (const auto& row : rows_) width = std::max(width, row[i].size());
        widths.push_back(width);
        headings.push_back(columns_[i].heading);
        rules.emplace_back(width, '-');
    }
    std::string text;
    if (std::ranges::any_of(headings, [](const std::string& heading) { return !heading.empty(); }))
        text = line(columns_, widths, headings, indent) + line(columns_, widths, rules, indent);
    for (const auto& row : rows_) text += line(columns_, widths, row, indent);
    return text;
}

}  // namespace lockstep::result
