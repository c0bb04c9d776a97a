#pragma once

#include <cstddef>
#include <limits>
#include <string>

namespace lockstep::scenario {

inline constexpr double for_ever_s = std::numeric_limits<double>::infinity();

/// What happens to a worker's processor during the run. Times in seconds since the clock started.

/// Between `from` and `to` everything takes `factor` times as long.
struct Straggler {
    std::size_t worker = 0;
    double factor = 1;
    double from_s = 0;
    double to_s = for_ever_s;
    bool operator==(const Straggler&) const = default;
};

/// It computes nothing for `length` at from, from + every, from + 2 every ...
struct Pause {
    std::size_t worker = 0;
    double every_s = 0;
    double length_s = 0;
    double from_s = 0;
    bool operator==(const Pause&) const = default;
};

/// It stops at `at` and computes on from `back` as if nothing had happened, or never.
struct Failure {
    std::size_t worker = 0;
    double at_s = 0;
    double back_s = for_ever_s;
    bool operator==(const Failure&) const = default;
};

/// Its speed over time is in a file; see slowness.hpp.
struct SpeedProfile {
    std::size_t worker = 0;
    std::string file;
    bool operator==(const SpeedProfile&) const = default;
};

}  // namespace lockstep::scenario
