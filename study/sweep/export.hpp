#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/sweep/plan.hpp"
#include "study/sweep/summary.hpp"

namespace lockstep::study {

/// The cells of a row of sweep.csv before what became of its run: point, replicate, run, seed, swept keys,
/// method and workers.
std::vector<std::string> key_cells(const SweepPlan& plan, const SweepRow& row);

/// docs/formats/sweep.md: the header of sweep.csv, and all of it with one row for each run asked for.
std::string sweep_csv_header(const SweepPlan& plan);
std::string sweep_csv(const SweepPlan& plan);

/// docs/formats/sweep.md: one row for each point.
std::string summary_csv(const SweepPlan& plan, std::span<const SweepPoint> points);

/// docs/formats/sweep.md: the same as an array, pretty-printed.
std::string summary_json(const SweepPlan& plan, std::span<const SweepPoint> points);

}  // namespace lockstep::study
