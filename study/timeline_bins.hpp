#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "events/timeline.hpp"

namespace lockstep::study {

/// What time is spent on, as pictures show it.
enum class Use : std::uint8_t { compute, wait, transfer, other };
inline constexpr std::size_t use_count = 4;
using Shares = std::array<double, use_count>;  ///< by Use, in any unit

Use use_of(events::Activity activity);

/// What each `bin_s` of a track's time, from 0 on, was spent on, in seconds. What is not known of the time
/// until its end is other.
std::vector<Shares> binned(const events::Track& track, std::size_t bins, double bin_s);

/// One use for each bin, none where its shares are all 0. What a bin's use leaves out of the others' shares
/// is passed on to the next bins, so that over many of them each use is shown for as long as it took: with
/// 0.6 of every bin computing and 0.4 waiting, in turn 3 and 2 of 5 bins.
std::vector<std::optional<Use>> uses_to_show(const std::vector<Shares>& bins);

}  // namespace lockstep::study
