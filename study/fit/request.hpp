#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenario/config.hpp"
#include "study/fit/cluster_fit.hpp"
#include "study/fit/link_settings.hpp"
#include "study/manual/request.hpp"

namespace lockstep::study {

/// A run that is to be predicted.
struct PredictionRequest {
    FittedMethod method;
    std::optional<std::size_t> period;  ///< where the method has one
    LinkCase links;

    /// `local-sgd:8`, `ddp`.
    std::string label() const;
};

/// What `lockstep fit` is asked for.
struct FitRequest {
    std::string file;
    std::string out;  ///< a folder, or empty
    scenario::Format format = scenario::Format::table;
    SummingBy collective = "ring";
    std::size_t workers = 0;  ///< of what is predicted
    std::size_t steps = 0;    ///< likewise
    std::string predictions;  ///< as given, or empty
};

/// That can be simulated of so many workers: each step of each takes one sample, and runs have so many.
constexpr std::size_t most_predicted_steps(std::size_t workers) {
    return 1'000'000 / workers;
}

/// Errors: InputError for what is out of range.
FitRequest parse_fit_request(const Request& request, const MeasuredRuns& measured);

/// `METHOD[:PERIOD][@LINKS]`, with commas between; without LINKS over all classes that were measured. Where
/// nothing is asked for: the first run's method with periods 1, 2, 4, 8, 16, 32, and ddp where the collective
/// is a ring, over all classes.
/// Errors: InputError naming --predict, also for what overlaps where the collective is no ring.
std::vector<PredictionRequest> parse_predictions(const std::string& text, const MeasuredRuns& measured,
                                                 const ClusterFit& fit);

}  // namespace lockstep::study
