#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "study/launch/runs.hpp"
#include "study/validate/statistics.hpp"

namespace lockstep::study {

/// shown: there to explain, not judged.
enum class Verdict { shown, pass, fail };
std::string_view name(Verdict verdict);

enum class Unit { seconds, per_second, versions, loss, share };

/// One figure of the runs, measured and simulated.
struct Figure {
    std::string name;
    Unit unit = Unit::seconds;
    FiveNumbers measured;
    FiveNumbers simulated;
    double error_percent = 0;  ///< of the medians
    double bias_percent = 0;   ///< see bias_percent()
    std::optional<double>
        of_elapsed_percent;  ///< of times: the difference of the medians as a share of the measured run
    std::optional<double> tolerance_percent;     ///< of |error|, where that is judged
    std::optional<double> tolerance_difference;  ///< of the difference of the medians, where that is judged
    Verdict verdict = Verdict::shown;

    double difference() const { return simulated.median - measured.median; }
};

/// The final parameters of all runs.
struct Digests {
    std::vector<std::string> measured;  ///< different ones, in the order of runs
    std::vector<std::string> simulated;
    bool equal = false;  ///< one digest for all
    Verdict verdict = Verdict::shown;
    std::string why_not_judged;  ///< empty where it is judged
};

/// Shares of all updates, of all runs together.
struct StalenessShares {
    std::map<std::uint64_t, double> measured;
    std::map<std::uint64_t, double> simulated;
    double distance = 0;  ///< total variation: the share of updates that would have to change theirs
};

struct RankFigures {
    std::size_t rank = 0;
    bool is_server = false;
    std::vector<Figure> figures;
};

/// By what a simulation is judged.
struct Criteria {
    double time_percent = 5;       ///< tolerated error of times
    double staleness_percent = 5;  ///< and of the mean staleness
    std::size_t test_samples = 1;  ///< for what a difference in accuracy means
};

/// Of times, without a --time-tolerance: 5 % where the result does not depend on timing, else 10 %.
double usual_time_tolerance_percent(const scenario::Config& config);

/// A simulation held against reality, or against another simulation.
struct Validation {
    std::vector<Run> measured;   ///< the reference; each with a result
    std::vector<Run> simulated;  ///< each with a result
    bool reference_is_simulated = false;
    Criteria criteria;
    std::vector<Figure> figures;  ///< of the whole run; some of them are judged
    std::vector<Figure> phases;   ///< means of the workers: compute, wait, transfer, other
    std::vector<Figure> epochs;   ///< the time of each
    std::vector<RankFigures> ranks;
    StalenessShares staleness;
    Digests digests;
    std::vector<std::string> calibration_warnings;  ///< of the platform, where that is a calibration

    bool passed() const;
    /// The phase with the largest difference in seconds.
    const Figure& largest_difference() const;
};

/// Compares runs of one configuration, all of which have results and finished.
Validation assess(std::vector<Run> measured, std::vector<Run> simulated, Criteria criteria);

/// For people: tables, what explains the difference, and the verdict.
std::string to_text(const Validation& validation);
/// docs/formats/validation.md: one row for each figure.
std::string to_csv(const Validation& validation);
/// docs/formats/validation.md: everything.
std::string to_json(const Validation& validation);

}  // namespace lockstep::study
