#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "study/validate/against/verdict_text.hpp"
#include "study/validate/statistics.hpp"

namespace lockstep::study {

/// A figure of a validation, as docs/formats/validation.md has it. NaN: there is none.
struct ValidatedFigure {
    std::string name;
    std::string unit;
    FiveNumbers measured;
    FiveNumbers simulated;
    double error_percent = std::numeric_limits<double>::quiet_NaN();
    double bias_percent = std::numeric_limits<double>::quiet_NaN();
    double of_elapsed_percent = std::numeric_limits<double>::quiet_NaN();
    double tolerance_percent = std::numeric_limits<double>::quiet_NaN();
    double tolerance_difference = std::numeric_limits<double>::quiet_NaN();
    std::string verdict;  ///< `pass`, `inconclusive`, `fail` or `shown`
};

struct ValidatedRank {
    std::size_t rank = 0;
    bool is_server = false;
    std::vector<ValidatedFigure> figures;
};

/// What a change does to the time, as `lockstep validate --against` has found it. NaN: there is none.
struct ValidatedChange {
    std::string changes;  ///< `straggler=worker=1,factor=4; lr=0.1`
    double measured_s = std::numeric_limits<double>::quiet_NaN();
    double measured_low_s = std::numeric_limits<double>::quiet_NaN();
    double measured_high_s = std::numeric_limits<double>::quiet_NaN();
    double simulated_s = std::numeric_limits<double>::quiet_NaN();
    ChangeVerdict verdict;
};

/// What `lockstep validate --out` has left.
struct ValidationFile {
    std::string name;     ///< of the folder
    std::string verdict;  ///< on the whole: `pass`, `inconclusive` or `fail`
    bool reference_is_simulated = false;
    std::optional<ValidatedChange> against;  ///< what the verdict is on, where there is one
    std::string parameters;                  ///< verdict on their digests
    std::vector<ValidatedFigure> figures;
    std::vector<ValidatedFigure> phases;
    std::vector<ValidatedFigure> epochs;
    std::vector<ValidatedRank> ranks;
    std::vector<std::string> warnings;  ///< of the calibration
    std::string largest_phase;          ///< which explains most of the difference
    double largest_difference_s = 0;
};

/// Reads DIR/validation.json. Errors: InputError naming it where it is missing, cut off, or of another
/// version.
ValidationFile read_validation_file(const std::filesystem::path& folder);

}  // namespace lockstep::study
