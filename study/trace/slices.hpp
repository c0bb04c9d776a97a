#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "events/timeline.hpp"

namespace lockstep::study {

/// A stretch of a rank's time in whole nanoseconds. Slices of a track follow each other without a gap.
struct Slice {
    std::int64_t begin_ns = 0;
    std::int64_t end_ns = 0;
    const events::Span* span = nullptr;  ///< null: none, so that the rank did something else
};

std::int64_t to_ns(double seconds);

/// Fills the track from 0 to its end, or to `last_ns` if that is later. Where clocks let spans overlap, the
/// later one begins when the earlier one ends; what has no length of a nanosecond is left out.
///
/// Spans of 10 to 20 and 30 to 40 in a track that ends at 50 are five slices: other to 10, the first, other
/// to 30, the second, other to 50.
std::vector<Slice> slices(const events::Track& track, std::int64_t last_ns);

/// Where to bind an arrow that ends at `at_ns`: in the slice that ends then, since the arrival is what ended
/// it, if that is blocked time; 1 ns before its end, for slices hold their begin and not their end. `track`
/// are slices(). Not before `earliest_ns`.
std::int64_t arrow_end_ns(std::span<const Slice> track, std::int64_t at_ns, std::int64_t earliest_ns);

}  // namespace lockstep::study
