#include "sim/trust/error_classes.hpp"

#include <stdexcept>

#include "option/lists.hpp"

namespace lockstep::sim {
namespace {

constexpr std::string_view heading =
    "kind,processors,link,from_bps,until_bps,least_workers,most_workers,least_bytes,most_bytes,methods,cases,"
    "median_percent,nine_in_ten_percent,worst_percent,held_out,held_out_median_percent,"
    "held_out_nine_in_ten_percent,held_out_worst_percent";

/// 0 for an empty one.
double number(std::string_view cell) {
    return cell.empty() ? 0 : std::stod(std::string(cell));
}

std::size_t count(std::string_view cell) {
    return std::stoul(std::string(cell));
}

ErrorClass read_row(std::string_view line) {
    const std::vector<std::string_view> cells = option::split_list(line);
    ErrorClass row;
    row.conditions = {std::string(cells.at(0)), std::string(cells.at(1)), std::string(cells.at(2))};
    row.from_bps = number(cells.at(3));
    row.until_bps = number(cells.at(4));
    row.least_workers = count(cells.at(5));
    row.most_workers = count(cells.at(6));
    row.least_bytes = number(cells.at(7));
    row.most_bytes = number(cells.at(8));
    for (const std::string_view method : option::split_list(cells.at(9), ';'))
        row.methods.emplace_back(method);
    row.cases = count(cells.at(10));
    row.median_percent = number(cells.at(11));
    row.nine_in_ten_percent = number(cells.at(12));
    row.worst_percent = number(cells.at(13));
    return row;
}

}  // namespace

std::vector<ErrorClass> read_error_classes(std::string_view csv) {
    std::vector<ErrorClass> classes;
    bool is_first = true;
    for (const std::string_view line : option::split_list(csv, '\n')) {
        if (is_first && line != heading)
            throw std::invalid_argument("error-classes.csv: it has other columns");
        if (!is_first && !line.empty()) classes.push_back(read_row(line));
        is_first = false;
    }
    return classes;
}

}  // namespace lockstep::sim
