#pragma once

#include <cstddef>

#include "events/event.hpp"

namespace lockstep::events {

/// A rank's clock, compared with rank 0's.
struct ClockReading {
    double local_s = 0;        ///< when, by this rank's clock
    double offset_s = 0;       ///< by which rank 0's was ahead
    double uncertainty_s = 0;  ///< the offset is off by no more
};

/// As a record of the rank's file, which knows the uncertainty in whole nanoseconds, rounded up.
Event event_of(const ClockReading& reading);
/// Of such a record.
ClockReading reading_of(const Event& event);

/// Maps a rank's clock to rank 0's. Real ranks have clocks with different origins that also drift apart; the
/// offset is interpolated linearly between the first reading and the last, and is theirs before and after:
/// extrapolated, the error of a short span would grow without bound. Without a reading it is the identity:
/// for simulated time, which is one clock for all.
///
/// Example: ahead by 1 s at 10 s and by 3 s at 20 s: 15 s here are 17 s there, 30 s are 33 s.
class Clock {
  public:
    void add(const ClockReading& reading);

    double to_rank_0_s(double local_s) const;

    std::size_t readings() const { return readings_; }
    /// All zeros without one.
    const ClockReading& last() const { return last_; }
    /// That of the worse of the two readings.
    double uncertainty_s() const;

  private:
    ClockReading first_;
    ClockReading last_;
    std::size_t readings_ = 0;
};

}  // namespace lockstep::events
