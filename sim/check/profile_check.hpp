#pragma once

#include <string_view>

namespace lockstep::sim {

/// A profile of a platform file.
struct ProfileText {
    std::string_view name;
    std::string_view content;
    bool is_of_latency = false;
    double periodicity_s = 0;  ///< that of a <trace> element, where it is above 0
};

/// Throws std::invalid_argument, which names the line, where simulated time cannot get past a profile, or it
/// has values without a meaning: SimGrid itself does not end on some, and does not look at the values of
/// others. A latency of 0 is one: what is under way then has no share of its link, and never arrives.
///
/// Its lines are `SECONDS VALUE`, sorted, and perhaps `PERIODICITY SECONDS` or `LOOPAFTER SECONDS`; those
/// that open with # or % are comments. What is STOCHASTIC is left to SimGrid.
void check_profile(const ProfileText& profile);

}  // namespace lockstep::sim
