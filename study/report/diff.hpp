#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "study/report/page/report_page.hpp"
#include "study/run_folder.hpp"

namespace lockstep::study {

/// One phase of one rank in both runs.
struct PhaseDifference {
    std::string phase;  ///< elapsed, compute, wait, transfer, other
    double first_s = 0;
    double second_s = 0;

    double difference_s() const { return first_s - second_s; }
};

struct RankDifference {
    std::size_t rank = 0;
    bool is_server = false;
    std::vector<PhaseDifference> phases;  ///< elapsed first
};

/// The first step of a rank whose computing begins elsewhere. NaN: the run has no such step.
struct RoundDifference {
    std::size_t rank = 0;
    std::uint64_t round = 0;
    double first_s = 0;
    double second_s = 0;
};

/// Where two runs of one configuration part. `first` is held against `second`.
struct RunDifference {
    std::string first;  ///< name of the run
    std::string second;
    double first_elapsed_s = 0;
    double second_elapsed_s = 0;
    double tolerance_s = 0;
    bool equal_parameters = false;
    std::vector<RankDifference> ranks;
    bool has_events = false;                             ///< in both runs
    std::vector<std::optional<RoundDifference>> rounds;  ///< for each rank; unset: every step begins alike

    /// The phase, of any rank, that differs most in seconds; elapsed is none.
    const PhaseDifference& largest() const;
    std::size_t rank_of_largest() const;
};

/// Errors: InputError where the configurations differ (with the first key), a result is missing, or the ranks
/// are not the same ones.
RunDifference compare_runs(const RunFolder& first, const RunFolder& second, double tolerance_percent);

/// For people: a table of every rank and phase, and where steps begin elsewhere.
std::string to_text(const RunDifference& difference);

void add_difference_section(ReportPage& page, const RunDifference& difference);

}  // namespace lockstep::study
