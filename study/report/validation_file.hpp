#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

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
    std::string verdict;  ///< `pass`, `fail` or `shown`
};

struct ValidatedRank {
    std::size_t rank = 0;
    bool is_server = false;
    std::vector<ValidatedFigure> figures;
};

/// What `lockstep validate --out` has left.
struct ValidationFile {
    std::string name;  ///< of the folder
    bool passed = false;
    bool reference_is_simulated = false;
    std::string parameters;  ///< verdict on their digests
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
