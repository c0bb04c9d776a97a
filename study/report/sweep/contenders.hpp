#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "study/report/sweep/sweep_table.hpp"

namespace lockstep::study {

/// What competes in a sweep: values of `method`, where that is swept, with those of the keys that go with it,
/// such as `in-turn` or `in-turn, workers 4`. The axes are all other keys.
struct Contenders {
    std::vector<std::string> names;
    std::vector<std::size_t> of_point;  ///< index into names, for each point
    std::vector<std::size_t> axes;      ///< places of the other keys

    static Contenders of(const SweepTable& sweep);
};

}  // namespace lockstep::study
