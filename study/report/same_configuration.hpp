#pragma once

#include <string>

#include "result/result.hpp"

namespace lockstep::study {

/// The first key of the scenario in which the configurations of two runs differ, as `KEY is 'A' and 'B'`;
/// empty where they are one and the data, wherever they are, have the same numbers of images and classes.
/// Speeds, networks and where output goes may differ: that is what the worlds differ in.
std::string first_difference(const result::Result& first, const result::Result& second);

}  // namespace lockstep::study
