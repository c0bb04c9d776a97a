#pragma once

#include <algorithm>

#include "real/emulated_processor.hpp"

namespace lockstep::real {

/// Another clock's time, but that sleeps take none: it goes on at once by what was to be slept.
class SkippingClock : public Clock {
  public:
    /// `clock` must outlive this.
    explicit SkippingClock(Clock& clock) : clock_(clock) {}

    double now_s() override { return clock_.now_s() + skipped_s_; }
    void sleep_until(double time_s) override { skipped_s_ += std::max(0.0, time_s - now_s()); }
    /// What all sleeps so far would have taken.
    double skipped_s() const { return skipped_s_; }

  private:
    Clock& clock_;
    double skipped_s_ = 0;
};

}  // namespace lockstep::real
