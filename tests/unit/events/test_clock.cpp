// A rank's clock onto rank 0's: between two readings, before and after them, and with one or none.
#include "events/clock.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::events;

TEST_CASE("without a reading a clock is rank 0's") {
    const Clock clock;
    CHECK(clock.to_rank_0_s(1.5) == 1.5);
    CHECK(clock.readings() == 0);
    CHECK(clock.uncertainty_s() == 0);
}

TEST_CASE("the offset of the only reading holds always") {
    Clock clock;
    clock.add({100, 2, 1e-6});
    for (const double at_s : {0.0, 100.0, 500.0}) CHECK(clock.to_rank_0_s(at_s) == at_s + 2);
    CHECK(clock.uncertainty_s() == 1e-6);
}

TEST_CASE("the offset is linear between two readings and constant outside") {
    Clock clock;
    clock.add({10, 1, 2e-6});
    clock.add({20, 3, 1e-6});
    CHECK(clock.to_rank_0_s(10) == 11);
    CHECK(clock.to_rank_0_s(15) == 17);
    CHECK(clock.to_rank_0_s(20) == 23);
    CHECK(clock.to_rank_0_s(0) == 1);
    CHECK(clock.to_rank_0_s(30) == 33);
    CHECK(clock.readings() == 2);
    CHECK(clock.last().local_s == 20);
    CHECK(clock.uncertainty_s() == 2e-6);
}

TEST_CASE("of several readings the first and the last count") {
    Clock clock;
    for (const double at_s : {0.0, 5.0, 10.0}) clock.add({at_s, at_s == 5 ? 100 : at_s / 10, 0});
    CHECK(clock.to_rank_0_s(5) == 5.5);
}

TEST_CASE("a reading is a record, its uncertainty in nanoseconds rounded up") {
    const Event event = event_of({7, -2.5, 1.2e-9});
    CHECK(event.kind == Kind::clock);
    CHECK(event.sequence == 2);
    const ClockReading reading = reading_of(event);
    CHECK(reading.local_s == 7);
    CHECK(reading.offset_s == -2.5);
    CHECK(reading.uncertainty_s == Approx(2e-9).epsilon(1e-12));
}
