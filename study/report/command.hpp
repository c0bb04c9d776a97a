#pragma once

#include <span>
#include <string>

namespace lockstep::study {

/// `lockstep report`: one self-contained HTML file about runs, sweeps, comparisons and validations, or where
/// two runs part. Returns 0.
int run_report(std::span<const std::string> arguments);

}  // namespace lockstep::study
