#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "study/report/sweep/sweep_table.hpp"
#include "study/report/validation_file.hpp"
#include "study/run_folder.hpp"

namespace lockstep::study {

/// Several runs that one command has left together.
struct RunGroup {
    std::string name;
    std::vector<RunFolder> runs;
    std::vector<std::string> limits;    ///< of `compare`: a sentence for each method
    std::vector<std::string> problems;  ///< a line for each run that could not be read
};

/// What the folders of a report hold, by kind.
struct ReportSources {
    std::vector<RunFolder> runs;
    std::vector<RunGroup> groups;
    std::vector<SweepTable> sweeps;
    std::vector<ValidationFile> validations;
    std::vector<std::string> problems;  ///< of a part: what could not be read, and why

    bool empty() const { return runs.empty() && groups.empty() && sweeps.empty() && validations.empty(); }
};

/// Reads every folder as what its files show it to be. Runs of the same name are named by their paths.
/// Errors: InputError naming the folder that holds nothing of ours, or the file that cannot be used, and what
/// is usable; with `what_is_usable` only where nothing is.
ReportSources read_sources(std::span<const std::filesystem::path> folders, Parts parts);

}  // namespace lockstep::study
