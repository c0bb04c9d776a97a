#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "result/expected_error.hpp"
#include "run/problem.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/config.hpp"
#include "sim/trust/error_classes.hpp"

namespace lockstep::sim {

/// What of a run tells which validated cases are like it.
struct Likeness {
    Conditions conditions;
    double bandwidth_bps = 0;  ///< of its links
    std::size_t workers = 1;
    double model_bytes = 0;
    std::string method;  ///< as in ErrorClass::methods
};

/// Of a run on a calibration of steps and, with several ranks, messages.
Likeness likeness_of(const scenario::CalibrationFile& calibration, const scenario::Config& config,
                     const run::Problem& problem);

/// What is known from the cases that are like it. Unknown, with the reason, where there are none, fewer than
/// ten, or only such of other rates, numbers of workers, sizes or methods.
///
/// Example: at 150 Mbit/s, by timing on 4 emulated workers, the class from 40 to 200 Mbit/s with 2 to 8 of
/// them; at 2 Gbit/s, where no link of a case had more than 1 Gbit/s, unknown.
result::ExpectedError expected_error(std::span<const ErrorClass> classes, const Likeness& run);

/// Of a simulated run, by the cases that the program was built with. `calibration` is what its platform
/// names, or null where that is none.
result::ExpectedError expected_error(const scenario::CalibrationFile* calibration,
                                     const scenario::Config& config, const run::Problem& problem);

}  // namespace lockstep::sim
