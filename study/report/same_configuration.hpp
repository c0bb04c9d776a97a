#pragma once

#include <string>

#include "scenario/config.hpp"

namespace lockstep::study {

/// The first key of the scenario in which two configurations differ, as `KEY is 'A' and 'B'`; empty where
/// they are one. Speeds, networks and where output goes may differ: that is what the worlds differ in.
std::string first_difference(const scenario::Config& first, const scenario::Config& second);

}  // namespace lockstep::study
