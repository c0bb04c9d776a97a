#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/packing.hpp"

namespace lockstep::run {

/// How far a rank is: a packed RankState begins with it.
struct Stand {
    double elapsed_s = 0;
    std::uint64_t steps = 0;  ///< taken by this worker; of servers: of v, one for each worker
};

/// How one rank stands between two legs.
struct RankState : Stand {
    std::vector<std::byte> bytes;  ///< all that it goes on from
};

template <typename Archive, base::ConstOrNot<RankState> Record>
void visit_fields(Archive&& archive, Record& state) {
    archive("elapsed_s", state.elapsed_s);
    archive("steps", state.steps);
    archive("bytes", state.bytes);
}

}  // namespace lockstep::run
