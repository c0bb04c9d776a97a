#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "study/run_folder.hpp"
#include "study/sweep/statistics.hpp"

namespace lockstep::study {

/// A swept key.
struct SweepKey {
    std::string key;
    std::vector<std::string> values;  ///< all that occur, in order: by number where all are numbers
    std::vector<double> numbers;      ///< as many, in `unit`; empty where they are no numbers
    std::string unit;                 ///< of all numbers: what the smallest value has
};

/// One point: its runs differ in their seeds.
struct SweptPoint {
    std::vector<std::size_t> places;  ///< for each key, which of its values
    std::size_t runs = 0;
    std::size_t failed = 0;
    std::string method;
    std::size_t workers = 0;
    std::vector<Estimate> figures;  ///< as SweepTable::figures names them

    /// The runs that did not fail: of these an estimate with a smaller count leaves out those that did not
    /// reach the target, or came to a standstill.
    std::size_t ended() const { return runs - failed; }
};

/// The table of a sweep, read back.
struct SweepTable {
    std::string name;
    std::vector<SweepKey> keys;
    std::vector<std::string> figures;  ///< fields of the summary, such as `elapsed_s`
    std::vector<SweptPoint> points;
    std::vector<std::string> failures;  ///< messages, each once
    std::vector<std::string> problems;  ///< of a part: what could not be read, and why

    /// The figure of that name, estimated at this point; none where the table has no such figure.
    Estimate figure(const SweptPoint& point, std::string_view figure) const;
};

/// Reads DIR/sweep.csv (docs/formats/sweep.md). Means and confidence intervals are those of summary.csv:
/// stalled runs are in none. Where sweep.csv is missing, as of a sweep that was interrupted, or damaged, a
/// part is made of the results in DIR/runs: swept is what differs between them.
/// Errors: InputError naming the file and what is usable.
SweepTable read_sweep_table(const std::filesystem::path& folder, Parts parts);

}  // namespace lockstep::study
