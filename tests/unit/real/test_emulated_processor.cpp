#include <vector>

#include "real/emulated_processor.hpp"
#include "real/skipping_clock.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using real::EmulatedProcessor;

namespace {

/// Passes only when told to, or in sleeps, which end late by `oversleep_s`.
class FakeClock : public real::Clock {
  public:
    double now_s() override { return time_s; }
    void sleep_until(double until_s) override {
        slept_s.push_back(until_s - time_s);
        time_s = until_s + oversleep_s;
    }

    double time_s = 1000;
    double oversleep_s = 0;
    std::vector<double> slept_s;
};

constexpr scenario::EmulatedSpeed megaflops{1e6, false};

/// A processor with its clock running.
struct Fixture {
    explicit Fixture(scenario::EmulatedSpeed speed = megaflops, const scenario::Slowness& slowness = {})
        : processor(speed, slowness, clock) {
        processor.start_clock();
    }
    double compute(double flops, double arithmetic_s) {
        return processor.compute(flops, [&] { clock.time_s += arithmetic_s; });
    }

    FakeClock clock;
    EmulatedProcessor processor;
};

}  // namespace

TEST_CASE("what the arithmetic leaves of the asked time is slept") {
    Fixture fixture;
    CHECK(fixture.compute(20000, 0.003) == Approx(0.020));
    REQUIRE(fixture.clock.slept_s.size() == 1);
    CHECK(fixture.clock.slept_s[0] == Approx(0.017));
    CHECK(fixture.processor.emulation().asked_s == Approx(0.020));
    CHECK(fixture.processor.emulation().sleeps == 1);
}

TEST_CASE("a sleep that ends late shortens the next, so that the sum is exact but for the last") {
    Fixture fixture;
    fixture.clock.oversleep_s = 0.0002;
    double spent_s = 0;
    for (int step = 0; step < 100; ++step) spent_s += fixture.compute(20000, 0.003);
    CHECK(spent_s == Approx(100 * 0.020 + 0.0002).epsilon(1e-9));
    CHECK(fixture.clock.slept_s[0] == Approx(0.017));
    CHECK(fixture.clock.slept_s[1] == Approx(0.0168));
    const backend::Emulation& emulation = fixture.processor.emulation();
    CHECK(emulation.sleeps == 100);
    CHECK(emulation.oversleep_s == Approx(100 * 0.0002));
    CHECK(emulation.largest_oversleep_s == Approx(0.0002));
    CHECK(emulation.overruns == 0);
}

TEST_CASE("pieces too short to sleep for are slept together") {
    Fixture fixture;
    for (int piece = 0; piece < 100; ++piece) fixture.compute(10, 1e-6);  // 10 us asked of each
    // Of each piece 9 us are owed: from the sixth on that is more than 50 us.
    REQUIRE(fixture.clock.slept_s.size() == 16);
    CHECK(fixture.clock.slept_s[0] == Approx(54e-6));
    CHECK(fixture.processor.emulation().asked_s == Approx(1e-3));
    CHECK(fixture.clock.time_s - 1000 == Approx(1e-3 - 4 * 9e-6));
}

TEST_CASE("arithmetic that takes longer than asked is counted and made up for") {
    Fixture fixture;
    CHECK(fixture.compute(20000, 0.023) == Approx(0.023));
    CHECK(fixture.compute(20000, 0.003) == Approx(0.017));
    const backend::Emulation& emulation = fixture.processor.emulation();
    CHECK(emulation.overruns == 1);
    CHECK(emulation.overrun_s == Approx(0.003));
    CHECK(emulation.asked_s == Approx(0.040));
    REQUIRE(fixture.clock.slept_s.size() == 1);
    CHECK(fixture.clock.slept_s[0] == Approx(0.014));
}

TEST_CASE("a processor too slow for what is asked never sleeps") {
    Fixture fixture;
    for (int step = 0; step < 10; ++step) fixture.compute(1000, 0.002);
    CHECK(fixture.clock.slept_s.empty());
    CHECK(fixture.processor.emulation().overruns == 10);
    CHECK(fixture.processor.emulation().overrun_s == Approx(0.010));
}

TEST_CASE("a share of the processor's own speed stretches what the arithmetic took") {
    Fixture fixture({0.25, true});
    CHECK(fixture.compute(1, 0.010) == Approx(0.040));
    REQUIRE(fixture.clock.slept_s.size() == 1);
    CHECK(fixture.clock.slept_s[0] == Approx(0.030));
    CHECK(fixture.processor.emulation().asked_s == Approx(0.040));
    CHECK(fixture.processor.emulation().overruns == 0);
}

TEST_CASE("a straggler takes longer from its moment on, counted from the start of the clock") {
    scenario::Config config;
    config.stragglers = {{0, 3, 0.015}};
    Fixture fixture(megaflops, scenario::Slowness(config, 0));
    CHECK(fixture.compute(10000, 0.001) == Approx(0.010));
    CHECK(fixture.compute(10000, 0.001) == Approx(0.005 + 3 * 0.005));
    CHECK(fixture.compute(10000, 0.001) == Approx(0.030));
    fixture.processor.start_clock();
    CHECK(fixture.processor.emulation().asked_s == 0);
    CHECK(fixture.compute(10000, 0.001) == Approx(0.010));
}

TEST_CASE("time in which the processor stands still is slept, and is no computing") {
    scenario::Config config;
    config.pauses = {{0, 1, 0.030, 0.005}};
    Fixture fixture(megaflops, scenario::Slowness(config, 0));
    CHECK(fixture.compute(10000, 0.001) == Approx(0.010));
    CHECK(fixture.clock.time_s - 1000 == Approx(0.040));
    CHECK(fixture.processor.emulation().asked_s == Approx(0.010));
}

TEST_CASE("a pause that a late sleep has made up for takes nothing from what is computed") {
    scenario::Config config;
    config.pauses = {{0, 1, 0.030, 0.005}};
    Fixture fixture(megaflops, scenario::Slowness(config, 0));
    fixture.clock.oversleep_s = 0.1;
    fixture.compute(10000, 0.001);
    fixture.clock.time_s = 1001;  // 5 ms before the next pause
    CHECK(fixture.compute(10000, 0.001) == Approx(0.001));
    CHECK(fixture.clock.time_s == Approx(1001.001));
}

TEST_CASE("on a clock that skips sleeps nobody sleeps, and as much time has passed for the processor") {
    FakeClock machine;
    real::SkippingClock clock(machine);
    EmulatedProcessor processor(megaflops, {}, clock);
    processor.start_clock();
    for (int step = 0; step < 10; ++step)
        CHECK(processor.compute(20000, [&] { machine.time_s += 0.003; }) == Approx(0.020));
    CHECK(machine.slept_s.empty());
    CHECK(machine.time_s - 1000 == Approx(10 * 0.003));
    CHECK(clock.skipped_s() == Approx(10 * 0.017));
    CHECK(processor.emulation().asked_s == Approx(10 * 0.020));
    CHECK(processor.emulation().largest_oversleep_s == Approx(0).margin(1e-9));
}

TEST_CASE("a clock that skips sleeps never goes back") {
    FakeClock machine;
    real::SkippingClock clock(machine);
    clock.sleep_until(1002);
    CHECK(clock.now_s() == 1002);
    clock.sleep_until(1001);
    CHECK(clock.now_s() == 1002);
    machine.time_s += 1;
    CHECK(clock.now_s() == 1003);
    CHECK(clock.skipped_s() == 2);
}
