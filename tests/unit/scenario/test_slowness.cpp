#include "base/error.hpp"
#include "scenario/slowness.hpp"
#include "temporary_file.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::scenario;
using Catch::Matchers::ContainsSubstring;
using lockstep::base::InputError;

namespace {

constexpr double infinite = for_ever_s;

void check_piece(const Slowness& slowness, double time_s, double factor, double until_s) {
    CAPTURE(time_s);
    const auto piece = slowness.at(time_s);
    CHECK(piece.factor == factor);
    CHECK(piece.until_s == until_s);
}

}  // namespace

TEST_CASE("a worker of whom nothing is said is as fast as ever") {
    Config config;
    config.stragglers = {{1, 4}};
    CHECK(Slowness(config, 0).is_none());
    CHECK_FALSE(Slowness(config, 1).is_none());
    check_piece(Slowness(config, 0), 7, 1, infinite);
}

TEST_CASE("a straggler is slow from its start to its end, and several multiply") {
    Config config;
    config.stragglers = {{0, 4, 2, 10}, {0, 3, 5, infinite}};
    const Slowness slowness(config, 0);
    check_piece(slowness, 0, 1, 2);
    check_piece(slowness, 2, 4, 5);
    check_piece(slowness, 5, 12, 10);
    check_piece(slowness, 10, 3, infinite);
}

TEST_CASE("a pause comes again and again") {
    Config config;
    config.pauses = {{0, 1, 0.25, 3}};
    const Slowness slowness(config, 0);
    check_piece(slowness, 0, 1, 3);
    check_piece(slowness, 3, infinite, 3.25);
    check_piece(slowness, 3.25, 1, 4);
    check_piece(slowness, 1003.125, infinite, 1003.25);
    check_piece(slowness, 1003.5, 1, 1004);
}

TEST_CASE("pauses whose period is no sum of powers of two still end and begin") {
    Config config;
    config.pauses = {{0, 0.1, 0.03, 0}};
    const Slowness slowness(config, 0);
    double time_s = 0;
    double stood_s = 0;
    while (time_s < 100) {
        const auto [factor, until_s] = slowness.at(time_s);
        REQUIRE(until_s > time_s);
        if (factor == infinite) stood_s += until_s - time_s;
        time_s = until_s;
    }
    CHECK(stood_s == Approx(30).epsilon(1e-3));
}

TEST_CASE("a failure ends when the processor is back, or never") {
    Config config;
    config.failures = {{0, 2, 3}, {0, 8, infinite}};
    const Slowness slowness(config, 0);
    check_piece(slowness, 1, 1, 2);
    check_piece(slowness, 2, infinite, 3);
    check_piece(slowness, 3, 1, 8);
    check_piece(slowness, 9, infinite, infinite);
}

TEST_CASE("a speed profile is followed line by line, and repeated after its last") {
    const TemporaryFile file("speed.txt", "# time speed\n0 1\n\n2 0.5\n3 0\nLOOPAFTER 1\n");
    Config config;
    config.speed_profiles = {{0, file.path()}};
    const Slowness slowness(config, 0);
    check_piece(slowness, 0, 1, 2);
    check_piece(slowness, 2, 2, 3);
    check_piece(slowness, 3, infinite, 4);
    check_piece(slowness, 4, 1, 6);
    check_piece(slowness, 41, 1, 42);
    check_piece(slowness, 42.5, 2, 43);
}

TEST_CASE("before a profile's first line the speed is full, after its last it stays") {
    const TemporaryFile file("speed.txt", "1.5 0.25\n");
    Config config;
    config.speed_profiles = {{0, file.path()}};
    const Slowness slowness(config, 0);
    check_piece(slowness, 0, 1, 1.5);
    check_piece(slowness, 1.5, 4, infinite);
}

TEST_CASE("a bad line of a profile is named") {
    const auto refuses = [](const std::string& content, const char* reason) {
        const TemporaryFile file("speed.txt", content);
        CHECK_THROWS_AS(SpeedCurve::read(file.path()), InputError);
        CHECK_THROWS_WITH(SpeedCurve::read(file.path()),
                          ContainsSubstring(file.path()) && ContainsSubstring(reason));
    };
    refuses("", "no line");
    refuses("# nothing\n", "no line");
    refuses("0 1\n1\n", ":2: given '1'");
    refuses("0 1 2\n", ":1:");
    refuses("0 fast\n", "numbers of at least 0");
    refuses("0 -1\n", "numbers of at least 0");
    refuses("1 1\n1 2\n", ":2: given '1 2'");
    refuses("LOOPAFTER 1\n", "repeat something");
    refuses("0 1\nLOOPAFTER 0\n", "repeat something");
    refuses("0 1\nLOOPAFTER 1e-300\n", "1e-9 s or more");
    refuses("0 1\n1e-5 0.5\nLOOPAFTER 9e-6\n", ":3: given 'LOOPAFTER 9e-6'");
    CHECK_NOTHROW(SpeedCurve::read(TemporaryFile("speed.txt", "0 1\n1e-5 0.5\nLOOPAFTER 1e-5\n").path()));
    refuses("0 0\nLOOPAFTER 1\n", "a speed above 0");
    refuses("0 1\nLOOPAFTER 1\n5 1\n", "LOOPAFTER ends the file");
    CHECK_THROWS_WITH(SpeedCurve::read("/no/such/file"), ContainsSubstring("/no/such/file"));
}

TEST_CASE("work takes as long as the pieces of its time say, standing still included") {
    const auto check = [](const Slowness& slowness, double from_s, double work_s, double total_s,
                          double standing_s) {
        const auto [total, standing] = slowness.duration(from_s, work_s);
        CHECK(total == Approx(total_s));
        CHECK(standing == Approx(standing_s));
    };
    Config config;
    check(Slowness(config, 0), 5, 2, 2, 0);
    config.stragglers = {{0, 3, 1, 4}};
    const Slowness straggler(config, 0);
    check(straggler, 0, 1, 1, 0);
    check(straggler, 0, 1.5, 1 + 1.5, 0);
    check(straggler, 0, 3, 1 + 3 + 1, 0);
    check(straggler, 2, 1, 2 + 1.0 / 3, 0);
    config.pauses = {{0, 10, 2, 5}};
    const Slowness both(config, 0);
    check(both, 4.5, 1, 3, 2);
    check(both, 5.5, 1, 2.5, 1.5);
    check(both, 7, 0, 0, 0);
    config.failures = {{0, 8}};  // for good, whatever pauses there would be
    check(Slowness(config, 0), 7.5, 1, infinite, infinite);
}
