#include "real/monotonic_clock.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("a sleep ends at its moment or later, and one that is due at once") {
    lockstep::real::MonotonicClock clock;
    const double began_s = clock.now_s();
    clock.sleep_until(began_s + 0.002);
    const double woken_s = clock.now_s();
    CHECK(woken_s >= began_s + 0.002);
    clock.sleep_until(began_s);
    CHECK(clock.now_s() >= woken_s);
    clock.sleep_until(0);
    CHECK(clock.now_s() - began_s < 60);
}
