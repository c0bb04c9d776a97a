#pragma once

#include <string>
#include <vector>

namespace lockstep::study {

/// What decided how long a run took, as far as its own figures tell. `lockstep compare` tells more: it
/// simulates what would be if the cause were not.
enum class Cause {
    standstill,    ///< it never ended
    nothing_said,  ///< times mean nothing, or there are none
    computing,
    straggler,  ///< workers that compute longer than the others, who wait for them or are done before them
    server,     ///< its processor, or its link
    turns,      ///< in-turn: the parameters are with one worker at a time
    bandwidth,
    latency,
    transfer,  ///< of messages, where the network is unknown or its links are unlike
    waiting,   ///< for partners that are no slower on the whole: steps vary
    overhead
};

struct Advice {
    Cause cause = Cause::nothing_said;
    std::string limit;   ///< one sentence or two: what limited the run, with the figures that say so
    std::string change;  ///< what to change first
    std::vector<std::string> remarks;  ///< bounds, staleness, uneven work
};

}  // namespace lockstep::study
