#pragma once

#include <filesystem>
#include <string>

#include "study/table/table.hpp"

namespace lockstep::study {

/// docs/formats/table.md: one row for each run, with the report's figures in further columns where asked for.
std::string to_csv(const Table& table);

/// docs/formats/table.md: every row with its whole result, pretty-printed.
std::string to_json(const Table& table);

/// Writes FOLDER/ROW/result.json and history.csv of each row that has a result, then FOLDER/table.csv. Throws
/// EnvironmentError naming the file.
void write_table(const Table& table, const std::filesystem::path& folder);

}  // namespace lockstep::study
