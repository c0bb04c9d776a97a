#pragma once

#include <span>
#include <string>

#include "study/launch/runs.hpp"

namespace lockstep::study {

/// Where several runs of one scenario took place, on what data, with which options besides the defaults, and
/// by which programs: lines of 80 columns below a table. Nothing where no run has a result.
std::string provenance_text(std::span<const Run> runs, World world);

}  // namespace lockstep::study
