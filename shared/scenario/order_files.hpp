#pragma once

#include <string>
#include <string_view>

#include "scenario/config.hpp"

namespace lockstep::scenario {

/// What can be said of --record and --replay before the run is known: the file to replay can be read, the one
/// to record can be written. Throws base::InputError.
void check_order_files(const Config& config);

/// That `file`, the value of `option`, can be written. Throws base::InputError.
void require_writable_file(std::string_view option, const std::string& file);

}  // namespace lockstep::scenario
