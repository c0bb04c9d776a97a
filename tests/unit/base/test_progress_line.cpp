#include "base/progress_line.hpp"
#include "base/terminal.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::base;

TEST_CASE("a rate is given in the unit of time in which it is at least 1") {
    CHECK(format_rate({.done = 640, .left = 0, .elapsed_s = 2}, "samples") == "320 samples/s");
    CHECK(format_rate({.done = 5, .left = 0, .elapsed_s = 2}, "runs") == "2.5 runs/s");
    CHECK(format_rate({.done = 5, .left = 0, .elapsed_s = 60}, "runs") == "5 runs/min");
    CHECK(format_rate({.done = 1, .left = 0, .elapsed_s = 1800}, "runs") == "2 runs/h");
    CHECK(format_rate({.done = 0, .left = 5, .elapsed_s = 1}, "runs").empty());
    CHECK(format_rate({.done = 5, .left = 5, .elapsed_s = 0}, "runs").empty());
}

TEST_CASE("the time left is that of what is left, at the rate so far, rounded up") {
    CHECK(format_time_left({.done = 1, .left = 2, .elapsed_s = 5.2}) == "11 s left");
    CHECK(format_time_left({.done = 1, .left = 1, .elapsed_s = 101}) == "2 min left");
    CHECK(format_time_left({.done = 1, .left = 2, .elapsed_s = 5040}) == "2.8 h left");
    CHECK(format_time_left({.done = 0, .left = 2, .elapsed_s = 1}).empty());
    CHECK(format_time_left({.done = 2, .left = 0, .elapsed_s = 1}).empty());
}

TEST_CASE("a duration is in the unit that leaves it few digits, rounded up") {
    CHECK(format_duration(0.2) == "1 s");
    CHECK(format_duration(99.5) == "100 s");
    CHECK(format_duration(121) == "3 min");
    CHECK(format_duration(3600 * 2.5) == "2.5 h");
}

TEST_CASE("where there is little room the first and the last part stay longest") {
    const std::vector<std::string> parts{"epoch 1/5", "loss 0.5", "", "100 samples/s", "3 s left"};
    CHECK(fitted(parts, 80) == "epoch 1/5, loss 0.5, 100 samples/s, 3 s left");
    CHECK(fitted(parts, 44) == "epoch 1/5, loss 0.5, 100 samples/s, 3 s left");
    CHECK(fitted(parts, 43) == "epoch 1/5, loss 0.5, 3 s left");
    CHECK(fitted(parts, 28) == "epoch 1/5, 3 s left");
    CHECK(fitted(parts, 18) == "epoch 1/5");
    CHECK(fitted(parts, 5) == "epoch");
    CHECK(fitted({}, 5).empty());
}

TEST_CASE("a line without a clock is silent, and never due") {
    ProgressLine line;
    CHECK_FALSE(line.is_shown());
    CHECK_FALSE(line.is_due(0));
    line.show({"nothing of this appears"});
}

TEST_CASE("a line is due at first, and again when its text has stood for long enough") {
    double now_s = 10;
    ProgressLine line([&] { return now_s; });
    CHECK(line.is_due(1));
    line.show({"shown"});
    CHECK_FALSE(line.is_due(1));
    now_s = 11;
    CHECK(line.is_due(1));
    CHECK(line.elapsed_s() == 1);
}
