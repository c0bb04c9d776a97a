#pragma once

#include <string>

#include "scenario/config.hpp"

namespace lockstep::sim {

/// Makes the settings of the <config> of a platform file, but for those that lockstep makes itself, and
/// returns what is to be said of both: `; its <config> sets network/latency-factor 2; lockstep's own in place
/// of its tracing yes`. Call it when lockstep has made its own, before the file is loaded.
///
/// Errors: std::invalid_argument that names the key for one that is unknown, or a value without a meaning.
std::string make_settings_of_file(const scenario::Config& config);

}  // namespace lockstep::sim
