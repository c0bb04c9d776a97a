#pragma once

#include <filesystem>
#include <string>

#include "study/table/table.hpp"

namespace lockstep::study {

/// docs/formats/table.md: a line for each run, with the report's figures in further columns where asked for.
std::string to_csv(const Table& table);

/// docs/formats/table.md: a line for each row of several runs, with means and ranges of its figures.
std::string summary_csv(const Table& table);

/// docs/formats/table.md: every row with its whole results, pretty-printed.
std::string to_json(const Table& table);

/// Where the files of a run are: FOLDER/ROW, or FOLDER/ROW/seed-SEED where a row has several runs.
std::filesystem::path run_folder(const Table& table, const Run& run, const std::filesystem::path& folder);

/// Writes result.json and history.csv of each run that has a result into its folder, then FOLDER/table.csv,
/// and FOLDER/summary.csv where rows have several runs.
/// Throws EnvironmentError naming the file.
void write_table(const Table& table, const std::filesystem::path& folder);

}  // namespace lockstep::study
