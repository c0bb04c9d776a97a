#pragma once

#include "calibration/findings.hpp"
#include "run/problem.hpp"
#include "scenario/config.hpp"

namespace lockstep::calibration {

/// What was measured, fitted and judged.
Findings find(const Measurements& measured, const scenario::Config& config, const run::Problem& problem);

}  // namespace lockstep::calibration
