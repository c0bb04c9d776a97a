#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "study/sweep/plan.hpp"
#include "study/sweep/statistics.hpp"

namespace lockstep::study {

/// A figure of one point over its replicates.
struct SweepFigure {
    std::string_view name;  ///< of the field of result::Summary
    Estimate estimate;      ///< over the runs that have the figure
    bool is_never = false;  ///< runs were to reach a target, and none did
};

/// The figures of a point, in the order of summary.csv.
std::span<const std::string_view> sweep_figure_names();

/// A row of summary.csv.
struct SweepPoint {
    std::size_t point = 0;            ///< from 0
    std::vector<std::string> values;  ///< of the swept keys
    std::size_t runs = 0;
    std::size_t failed = 0;
    std::size_t stalled = 0;  ///< runs at a standstill, which are in no figure
    std::optional<std::size_t>
        reached;  ///< runs that reached the target accuracy; unset where none was asked for
    std::vector<SweepFigure> figures;  ///< the same names in the same order for every point

    const SweepFigure& figure(std::string_view name) const;
};

/// Every point of a sweep whose runs have all ended.
std::vector<SweepPoint> summarise(const SweepPlan& plan);

/// A sweep's summary.csv, read back.
struct SweepSummary {
    std::vector<std::string> keys;  ///< the swept ones
    std::vector<SweepPoint> points;
};

/// Reads DIR/summary.csv. An estimate has a count of 1 where there is a mean; the file does not tell more.
/// Errors: InputError naming the file where it is missing, damaged, or of another version.
SweepSummary read_sweep_summary(const std::filesystem::path& folder);

}  // namespace lockstep::study
