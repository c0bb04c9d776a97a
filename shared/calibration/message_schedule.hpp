#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace lockstep::calibration {

inline constexpr std::size_t fewest_repeats = 5;  ///< of a size, where there is time for them
inline constexpr std::size_t most_repeats = 40;

/// A size of messages, and what it takes to time it once.
struct PricedSize {
    static constexpr std::size_t not_of_run = std::numeric_limits<std::size_t>::max();

    std::size_t bytes = 0;
    double sample_s = 0;             ///< infinite: too long to be tried
    std::size_t worth = not_of_run;  ///< place among the sizes that the run sends, the most telling first
};

/// How often to time each size, so that all of it fits into the budget. Each of the run's sizes once, in nine
/// tenths of the time; each power of four once; the run's until they have the fewest repeats, while a quarter
/// of the time remains; powers of four until then, and all others, from the smallest on. What remains is
/// spread over all that are timed. 0 for sizes without room.
std::vector<std::size_t> repeats_within(double budget_s, std::span<const PricedSize> sizes);

/// In which order: round after round of all sizes that still have repeats, in each the run's sizes first;
/// shuffled besides, so that what changes with time spoils no size alone. Indices of `sizes`.
std::vector<std::uint32_t> order_of(std::span<const std::size_t> repeats, std::span<const PricedSize> sizes,
                                    std::uint64_t seed);

}  // namespace lockstep::calibration
