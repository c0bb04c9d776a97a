#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/launch/runs.hpp"

namespace lockstep::study {

/// Where several runs of one scenario took place, on what data, with which options besides the defaults, and
/// by which programs, and what the calibration that they are simulated on does not know of them: lines of 80
/// columns below a table. Nothing where no run has a result.
std::string provenance_text(std::span<const Run> runs, World world);

/// How far off the times of simulated runs may be, the worst of them, and why that is unknown of others: a
/// sentence in lines of 80 columns. Nothing where no result says so.
std::string expected_error_text(std::span<const Run> runs);

/// What the calibrations that simulated runs are on do not know of them, each once.
std::vector<std::string> calibration_warnings(std::span<const Run> runs);

}  // namespace lockstep::study
