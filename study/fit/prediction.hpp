#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "study/fit/request.hpp"
#include "study/launch/launcher.hpp"

namespace lockstep::study {

/// What a run is simulated to take.
struct Prediction {
    PredictionRequest request;
    std::size_t steps = 0;  ///< that were simulated: whole periods
    Bounded step_s;         ///< of a step with its share of synchronisations
    Bounded wall_s;         ///< of the steps that are asked for: wall_time_s() of what was simulated
    /// The same by closed form; nothing where something overlaps or the method has none.
    std::optional<double> closed_form_s;
};

/// The configuration of such a run, timing only: a phantom of so many parameters on a star of such links,
/// whose step takes as long as was fitted. Vectors cost nothing, since what was measured of a synchronisation
/// has all of it.
scenario::Config config_on(const LinkSettings& links, const ClusterFit& fit);

/// Of so many steps: whole periods as they were simulated, then steps that no synchronisation follows.
double wall_time_s(std::size_t steps, std::size_t period, double simulated_step_s, double step_alone_s);

/// The step of it by `step + synchronisation / period`.
std::optional<double> closed_form_of(const PredictionRequest& request, const ClusterFit& fit);

/// Simulates each run as it is taken to be and, where there are intervals, at both ends. A ddp's buckets are
/// those of PyTorch, of 25 MiB; how much it overlaps is not known, so at its slow end it does not.
/// Errors: those of do_runs(); EnvironmentError where a run fails.
std::vector<Prediction> predict(std::span<const PredictionRequest> requests, const FitRequest& fit_request,
                                const ClusterFit& fit, const Launcher& launcher);

}  // namespace lockstep::study
