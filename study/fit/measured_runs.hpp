#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "study/fit/fitted_method.hpp"

namespace lockstep::study {

/// A run that was made elsewhere. Of its times at least the wall time is known, or those of both phases.
struct MeasuredRun {
    FittedMethod method;
    std::size_t period = 1;             ///< steps between two synchronisations
    std::string links;                  ///< the class of its links, as written
    std::optional<double> nominal_Bps;  ///< what that says, where it is a bandwidth
    std::size_t workers = 2;
    double steps = 0;  ///< that were timed
    double syncs = 0;
    std::optional<double> step_s;  ///< computing, and the optimiser
    std::optional<double> sync_s;  ///< for which a worker is held up
    std::optional<double> wall_s;  ///< of all timed steps with their synchronisations
};

/// All of one model.
struct MeasuredRuns {
    std::string file;
    std::size_t parameters = 0;
    std::vector<MeasuredRun> runs;
};

/// Reads the table of docs/formats/fit.md, in any order of columns; further columns are ignored.
/// Errors: InputError naming file, row and column.
MeasuredRuns parse_measured_runs(std::string_view text, const std::string& file);
MeasuredRuns read_measured_runs(const std::string& file);

}  // namespace lockstep::study
