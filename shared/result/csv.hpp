#pragma once

#include <string>

#include "result/result.hpp"

namespace lockstep::result {

/// Comma-separated values with one header line, `\n` line ends, `.` decimals that read back to the same
/// number, and empty cells for what there is not (timing-only runs, MPI's own collective).

/// docs/formats/history.md: a row per epoch and evaluation.
std::string history_csv(const Result& result);

/// docs/formats/updates.md: a row per update of the shared parameters, in the order applied.
std::string updates_csv(const Result& result);

/// docs/formats/events.md: a row per rank, activity and partner.
std::string activities_csv(const Result& result);

/// docs/formats/summary.md: one row.
std::string summary_csv(const Result& result);

}  // namespace lockstep::result
