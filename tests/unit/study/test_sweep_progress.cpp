#include <catch2/catch.hpp>

#include "study/sweep/progress.hpp"

using lockstep::study::describe;

TEST_CASE("progress tells what is done and, once a run was made, what is left") {
    CHECK(describe({.runs = 100}, 0) == "0 of 100 runs");
    CHECK(describe({.runs = 100, .done = 40, .found = 40}, 0) == "40 of 100 runs");
    CHECK(describe({.runs = 100, .done = 37, .failed = 2}, 37) == "37 of 100 runs, 2 failed, 63 s left");
    CHECK(describe({.runs = 100, .done = 60, .found = 40, .failed = 10, .refused = 10}, 5) ==
          "60 of 100 runs, 10 failed, 20 s left");
    CHECK(describe({.runs = 100, .done = 1}, 10) == "1 of 100 runs, 17 min left");
    CHECK(describe({.runs = 100, .done = 1}, 100) == "1 of 100 runs, 2.8 h left");
    CHECK(describe({.runs = 100, .done = 100}, 100) == "100 of 100 runs");
}
