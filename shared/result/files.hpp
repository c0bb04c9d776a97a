#pragma once

#include <filesystem>

#include "result/result.hpp"

namespace lockstep::result {

/// Writes result.json and history.csv, and updates.csv and activities.csv where updates and events are
/// recorded, into `folder`, which is created where missing; what an earlier run has left of the latter, and
/// events that this one has not written, are removed. All are complete under temporary names before the first
/// is renamed; result.json comes last, so where it is, the others are. Throws EnvironmentError naming the
/// file.
void write_run(const Result& result, const std::filesystem::path& folder);

}  // namespace lockstep::result
