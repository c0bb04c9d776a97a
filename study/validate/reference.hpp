#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "study/launch/runs.hpp"

namespace lockstep::study {

/// The results in these folders, as runs named by them. Errors: InputError naming the file, for one that is
/// missing, no result, of another configuration than `scenario` (with the first key that differs), of another
/// world than the first, or no measurement (see require_measurement).
std::vector<Run> read_references(std::span<const std::filesystem::path> folders,
                                 const scenario::Config& scenario);

/// Errors: InputError naming `source` where a run's times mean nothing: more ranks than cores, a standstill,
/// no time at all, or ranks that are not those of its configuration.
void require_measurement(const result::Result& result, const std::string& source);

}  // namespace lockstep::study
