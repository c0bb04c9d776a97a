#include <cmath>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/units.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::base;
using Catch::Matchers::ContainsSubstring;

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
    CHECK_THROWS_WITH(parse_time_s("--latency", text),
                      ContainsSubstring("--latency") && ContainsSubstring("'" + text + "'") &&
                          ContainsSubstring("ns, us, ms, s, min, h") && ContainsSubstring("50us"));
}

TEST_CASE("a missing unit is said to be missing") {
    CHECK_THROWS_WITH(parse_bandwidth_Bps("--bandwidth", "100"), ContainsSubstring("the unit is missing"));
    CHECK_THROWS_WITH(parse_bandwidth_Bps("--bandwidth", "100Gb"), !ContainsSubstring("the unit is missing"));
}

TEST_CASE("bad input exits with 2, a failing environment with 3") {
    CHECK(InputError("x").status() == ExitStatus::bad_input);
    CHECK(EnvironmentError("x").status() == ExitStatus::environment);
    CHECK(static_cast<int>(ExitStatus::bad_input) == 2);
    CHECK(static_cast<int>(ExitStatus::environment) == 3);
    CHECK(static_cast<int>(ExitStatus::interrupted) == 4);
    CHECK(static_cast<int>(ExitStatus::inconclusive) == 5);
}

TEST_CASE("numbers have three significant digits at least, or are exact") {
    struct Case {
        double value;
        const char* text;
    };
    const Case example = GENERATE(values<Case>({{0.40789, "0.408"},
                                                {0.4, "0.4"},
                                                {0.40001, "0.400"},
                                                {0.1 + 0.2, "0.3"},
                                                {2.1004, "2.10"},
                                                {9.996, "10.0"},
                                                {99.96, "100"},
                                                {999.6, "1000"},
                                                {12.345, "12.3"},
                                                {1234.56, "1235"},
                                                {47'100'000, "47100000"},
                                                {-0.05123, "-0.0512"},
                                                {0.0000512345, "0.0000512"},
                                                {1.2345e-9, "1.23e-09"},
                                                {0, "0"}}));
    CHECK(format_number(example.value) == example.text);
}

TEST_CASE("decimals are a least number too: small figures get more, none gets fewer") {
    CHECK(format_number(0.9173, {.decimals = 4}) == "0.9173");
    CHECK(format_number(0.917, {.decimals = 4}) == "0.9170");
    CHECK(format_number(0, {.decimals = 4}) == "0.0000");
    CHECK(format_number(0.00042139, {.decimals = 4}) == "0.000421");
    CHECK(format_number(12.34567, {.decimals = 4}) == "12.3457");
    CHECK(format_number(1.23456, {.significant = 5}) == "1.2346");
    CHECK(format_number(std::nan("")) == "-");
    CHECK(format_number(std::numeric_limits<double>::infinity()) == "-");
}

TEST_CASE("shares and changes are per cent") {
    CHECK(format_share(0.56649) == "56.6 %");
    CHECK(format_share(0.051234) == "5.12 %");
    CHECK(format_share(0.0625) == "6.25 %");
    CHECK(format_share(0.0005123) == "0.0512 %");
    CHECK(format_share(1) == "100.0 %");
    CHECK(format_share(0) == "0.0 %");
    CHECK(format_share(1e-9) == "0.0 %");
    CHECK(format_share(std::nan("")) == "-");
    CHECK(format_change(0.0345) == "+3.45 %");
    CHECK(format_change(-0.5) == "-50.0 %");
    CHECK(format_change(0) == "+0.0 %");
    CHECK(format_change(std::nan("")) == "-");
}

TEST_CASE("a column has one unit, that of the middle of its values") {
    const auto column = [](std::vector<double> values, ColumnUnit (*unit)(std::span<const double>)) {
        std::vector<std::string> texts;
        for (const double value : values) texts.push_back(unit(values).format(value));
        return texts;
    };
    using Texts = std::vector<std::string>;
    CHECK(column({1.2344, 0.0123}, column_of_times) == Texts{"1234 ms", "12.3 ms"});
    CHECK(column({0.1, 10}, column_of_times) == Texts{"0.1 s", "10 s"});
    CHECK(column({62.672e-6, 1.25, 0, std::nan("")}, column_of_times) ==
          Texts{"0.0627 ms", "1250 ms", "0 ms", "-"});
    CHECK(column({20, 150}, column_of_times) == Texts{"20 s", "150 s"});
    CHECK(column({126, 1234.5}, column_of_times) == Texts{"2.1 min", "20.6 min"});
    CHECK(column({0, 0}, column_of_times) == Texts{"0 s", "0 s"});
    CHECK(column({47'100'000, 15'697'000}, column_of_bytes) == Texts{"44.92 MiB", "14.97 MiB"});
    CHECK(column({8, 4096}, column_of_bytes) == Texts{"8 B", "4096 B"});
}

TEST_CASE("quantities are rendered for people") {
    CHECK(format_time(0) == "0 s");
    CHECK(format_time(9.0821) == "9.08 s");
    CHECK(format_time(0.0123) == "12.3 ms");
    CHECK(format_time(5e-6) == "5 us");
    CHECK(format_time(2e-9) == "2 ns");
    CHECK(format_time(600) == "10 min");
    CHECK(format_time(130.1) == "2.17 min");
    CHECK(format_time(9999.9) == "167 min");
    CHECK(format_time(0.9999) == "1000 ms");
    CHECK(format_time(-0.00204) == "-2.04 ms");
    CHECK(format_energy(0.005144) == "0.005144 J");
    CHECK(format_bytes(1023) == "1023 B");
    CHECK(format_bytes(1536) == "1.5 KiB");
    CHECK(format_bytes(1.5 * 1024 * 1024 * 1024) == "1.5 GiB");
}
