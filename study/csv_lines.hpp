#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lockstep::study {

/// A row of a CSV file: columns and what is in them.
using CsvCells = std::vector<std::pair<std::string, std::string>>;

/// The header and a line for each row, all of which have the same columns.
std::string csv_lines(const std::vector<CsvCells>& rows);

/// The shortest digits that read back to the same number; nothing where it is not finite.
std::string csv_number(double value);

}  // namespace lockstep::study
