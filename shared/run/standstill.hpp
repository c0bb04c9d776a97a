#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace lockstep::run {

/// Why a simulated run came to a standstill, as far as the scenario itself does not say.
struct Standstill {
    std::string reason;  ///< `host a has had no speed since 5 ms of the platform's time`, or nothing
    std::vector<std::size_t> stopped_ranks;  ///< whose hosts stand still or are off for good
};

}  // namespace lockstep::run
