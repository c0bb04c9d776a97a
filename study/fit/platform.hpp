#pragma once

#include <string>
#include <vector>

#include "study/fit/cluster_fit.hpp"

namespace lockstep::study {

/// A file for --platform: the machines with one class of links, for runs of `--model phantom --batch 1` with
/// the fit's parameters (docs/formats/fit.md).
struct FittedPlatform {
    std::string file_name;
    std::string json;
};

/// One for each class, in that order. `measured_utc` is when the runs were made, as far as that is known.
std::vector<FittedPlatform> platforms_of(const ClusterFit& fit, const std::string& file,
                                         const std::string& measured_utc);

/// When the file was last written, ISO 8601. Errors: InputError where there is none.
std::string date_of_file(const std::string& file);

}  // namespace lockstep::study
