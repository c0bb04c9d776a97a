#include "study/csv_table.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using Cells = std::vector<std::string>;

/// Reads one cell from `at` on, which then stands at the comma or line end after it.
std::string take_cell(std::string_view text, std::size_t& at, const std::string& file) {
    std::string cell;
    if (at >= text.size() || text[at] != '"') {
        while (at < text.size() && text[at] != ',' && text[at] != '\n') cell += text[at++];
        return cell;
    }
    for (++at; at < text.size(); ++at) {
        if (text[at] != '"') {
            cell += text[at];
        } else if (at + 1 < text.size() && text[at + 1] == '"') {
            cell += text[++at];
        } else {
            ++at;
            return cell;
        }
    }
    throw InputError(fmt::format("{}: it ends within a cell; the file was cut off", file));
}

/// Up to the end of its last line that is not empty.
std::string_view without_empty_lines_at_end(std::string_view text) {
    while (text.ends_with("\n\n")) text.remove_suffix(1);
    return text == "\n" ? std::string_view() : text;
}

}  // namespace

std::vector<Cells> parse_csv(std::string_view whole, const std::string& file) {
    const std::string_view text = without_empty_lines_at_end(whole);
    std::vector<Cells> rows;
    for (std::size_t at = 0; at < text.size();) {
        Cells cells{take_cell(text, at, file)};
        while (at < text.size() && text[at] == ',') cells.push_back(take_cell(text, ++at, file));
        if (at >= text.size())
            throw InputError(fmt::format("{}: its last line has no end; the file was cut off", file));
        if (text[at] != '\n' || (!rows.empty() && cells.size() != rows.front().size()))
            throw InputError(
                fmt::format("{}: row {} does not have the cells of its header; the file is damaged", file,
                            rows.size() + 1));
        ++at;
        rows.push_back(std::move(cells));
    }
    return rows;
}

}  // namespace lockstep::study
