#pragma once

#include "real/emulated_processor.hpp"

namespace lockstep::real {

/// The machine's. Sleeps end as soon after their moment as the machine can: the kernel's slack for timers,
/// 50 us by default, is set to its least value for this thread.
class MonotonicClock : public Clock {
  public:
    MonotonicClock();
    double now_s() override;
    void sleep_until(double time_s) override;
};

}  // namespace lockstep::real
