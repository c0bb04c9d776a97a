#pragma once

#include <span>
#include <string>

#include "study/fit/prediction.hpp"

namespace lockstep::study {

/// For people, at most 80 columns wide: what was fitted, then what is predicted.
std::string to_text(const ClusterFit& fit, const FitRequest& request,
                    std::span<const Prediction> predictions);

/// A line for each prediction (docs/formats/fit.md).
std::string to_csv(const ClusterFit& fit, const FitRequest& request, std::span<const Prediction> predictions);

/// All of it.
std::string to_json(const ClusterFit& fit, const FitRequest& request,
                    std::span<const Prediction> predictions);

}  // namespace lockstep::study
