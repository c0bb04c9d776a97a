#pragma once

#include <cstdint>

namespace lockstep::exchange {

/// A message that a rank took from a worker: the step that it brought entered parameters which this rank
/// holds. The order in which a rank takes messages is all of a run that timing decides.
///
/// With ad-psgd the version of a worker's parameters is the number of its own steps in them.
struct Arrival {
    std::uint32_t taker = 0;  ///< rank: of a server, or of a passive worker; of the worker, where a token is
    std::uint32_t worker = 0;
    std::uint32_t step = 0;  ///< of that worker, from 0; the first one of a message that brings several
    std::uint32_t version_read = 0;     ///< of the parameters that this step started from
    std::uint32_t version_applied = 0;  ///< of the taker's parameters just before
    bool dropped = false;               ///< did not enter them: it came too late for a round

    bool operator==(const Arrival&) const = default;
};

}  // namespace lockstep::exchange
