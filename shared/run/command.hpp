#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "result/result.hpp"
#include "scenario/parse.hpp"

/// What the programs of both worlds do before and after training.
namespace lockstep::run {

/// Fills in what the program knows about itself, not the run: world, versions, host of the start, times of
/// day.
void add_provenance(result::Result& result, std::string_view world, std::string_view started_utc,
                    double wall_s);

/// ISO 8601, for example 2026-01-31T12:00:00Z.
std::string utc_now();

/// Writes the file of --record and those of --out, then the result in --format to stdout. Throws
/// EnvironmentError where one of them cannot be written.
void deliver(const result::Result& result);

/// Whether stderr should show progress.
bool wants_progress(const scenario::Config& config);

}  // namespace lockstep::run
