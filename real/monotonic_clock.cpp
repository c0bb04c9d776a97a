#include "real/monotonic_clock.hpp"

#include <cerrno>
#include <cmath>
#include <ctime>

#include <sys/prctl.h>

namespace lockstep::real {

MonotonicClock::MonotonicClock() {
    ::prctl(PR_SET_TIMERSLACK, 1UL);  // ns; without it sleeps are only less accurate, which is measured
}

double MonotonicClock::now_s() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void MonotonicClock::sleep_until(double time_s) {
    const double whole_s = std::floor(time_s);
    const timespec until{static_cast<time_t>(whole_s), static_cast<long>(1e9 * (time_s - whole_s))};
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
    }
}

}  // namespace lockstep::real
