#include "study/csv_lines.hpp"

#include <cmath>

#include <fmt/format.h>

namespace lockstep::study {

std::string csv_lines(const std::vector<CsvCells>& rows) {
    std::string header;
    std::string lines;
    for (const CsvCells& cells : rows) {
        header.clear();
        std::string line;
        for (const auto& [column, text] : cells) {
            header += fmt::format("{}{}", header.empty() ? "" : ",", column);
            line += fmt::format("{}{}", &text == &cells.front().second ? "" : ",", text);
        }
        lines += line + '\n';
    }
    return header + '\n' + lines;
}

std::string csv_number(double value) {
    return std::isfinite(value) ? fmt::format("{}", value) : std::string();
}

}  // namespace lockstep::study
