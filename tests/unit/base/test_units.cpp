#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/units.hpp"

using namespace lockstep::base;
using Catch::Contains;

TEST_CASE("times are read in every unit") {
    CHECK(parse_time_s("--latency", "250ns") == 250e-9);
    CHECK(parse_time_s("--latency", "50us") == 5e-5);
    CHECK(parse_time_s("--latency", "1.5ms") == 1.5e-3);
    CHECK(parse_time_s("--latency", "2s") == 2);
    CHECK(parse_time_s("--latency", "3min") == 180);
    CHECK(parse_time_s("--latency", "2h") == 7200);
    CHECK(parse_time_s("--latency", "0us") == 0);
}

TEST_CASE("a time is the double nearest to what was written, for every whole number of microseconds") {
    for (int i = 1; i <= 2000; ++i) REQUIRE(parse_time_s("", std::to_string(i) + "us") == i / 1e6);
}

TEST_CASE("bandwidths tell bits from bytes") {
    CHECK(parse_bandwidth_Bps("--bandwidth", "1Gbps") == 1.25e8);
    CHECK(parse_bandwidth_Bps("--bandwidth", "1GBps") == 1e9);
    CHECK(parse_bandwidth_Bps("--bandwidth", "8bps") == 1);
    CHECK(parse_bandwidth_Bps("--bandwidth", "10Mbps") == 1.25e6);
    CHECK(parse_bandwidth_Bps("--bandwidth", "10kBps") == 1e4);
}

TEST_CASE("speeds and sizes") {
    CHECK(parse_speed_flops("--speed", "5Gf") == 5e9);
    CHECK(parse_speed_flops("--speed", "1e3f") == 1000);
    CHECK(parse_size_B("--memory", "64KiB") == 65536);
    CHECK(parse_size_B("--memory", "64kB") == 64000);
    CHECK(parse_size_B("--memory", "16GiB") == 17179869184.0);
}

TEST_CASE("what is not a quantity is refused by name, with what was given and what is allowed") {
    const auto text = GENERATE(as<std::string>{}, "", "5", "us", "-1us", "-0us", "5 us", "5Us", "5us ", "5Gf",
                               "nanus", "infus", "1e999s", "1e308h", "0x5us", ",5us");
    CAPTURE(text);
    CHECK_THROWS_AS(parse_time_s("--latency", text), InputError);
    CHECK_THROWS_WITH(parse_time_s("--latency", text), Contains("--latency") && Contains("'" + text + "'") &&
                                                           Contains("ns, us, ms, s, min, h") &&
                                                           Contains("50us"));
}

TEST_CASE("a missing unit is said to be missing") {
    CHECK_THROWS_WITH(parse_bandwidth_Bps("--bandwidth", "100"), Contains("the unit is missing"));
    CHECK_THROWS_WITH(parse_bandwidth_Bps("--bandwidth", "100Gb"), !Contains("the unit is missing"));
}

TEST_CASE("bad input exits with 2, a failing environment with 3") {
    CHECK(InputError("x").status() == ExitStatus::bad_input);
    CHECK(EnvironmentError("x").status() == ExitStatus::environment);
    CHECK(static_cast<int>(ExitStatus::bad_input) == 2);
    CHECK(static_cast<int>(ExitStatus::environment) == 3);
}

TEST_CASE("quantities are rendered for people") {
    CHECK(format_time(0) == "0 s");
    CHECK(format_time(9.0821) == "9.08 s");
    CHECK(format_time(0.0123) == "12.3 ms");
    CHECK(format_time(5e-6) == "5 us");
    CHECK(format_time(2e-9) == "2 ns");
    CHECK(format_time(600) == "10.0 min");
    CHECK(format_bytes(1023) == "1023 B");
    CHECK(format_bytes(1536) == "1.5 KiB");
    CHECK(format_bytes(1.5 * 1024 * 1024 * 1024) == "1.5 GiB");
}
