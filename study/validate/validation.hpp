#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "study/launch/runs.hpp"
#include "study/validate/figures.hpp"

namespace lockstep::study {

/// The final parameters of all runs.
struct Digests {
    std::vector<std::string> measured;  ///< different ones, in the order of runs
    std::vector<std::string> simulated;
    bool equal = false;  ///< one digest for all
    Verdict verdict = Verdict::shown;
    std::string why_not_judged;  ///< empty where it is judged
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
    std::vector<Figure> phases;   ///< means of the workers: compute, communication, wait, transfer, other
    std::vector<Figure> epochs;   ///< the time of each
    std::vector<RankFigures> ranks;
    StalenessShares staleness;
    Digests digests;
    std::vector<std::string> calibration_warnings;  ///< of the platform, where that is a calibration

    /// The gravest of all that are judged.
    Verdict verdict() const;
    /// The phase with the largest difference in seconds; communication, a sum of two, is none.
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
