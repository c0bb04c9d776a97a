#include "base/progress_line.hpp"
#include "study/sweep/progress.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

namespace {

std::string shown(const study::SweepProgress& progress, double elapsed_s) {
    return base::fitted(study::describe(progress, elapsed_s), 200);
}

}  // namespace

TEST_CASE("progress tells what is done and, once a run was made, at what rate and what is left") {
    CHECK(shown({.runs = 100}, 0) == "0 of 100 runs");
    CHECK(shown({.runs = 100, .done = 40, .found = 40}, 0) == "40 of 100 runs");
    CHECK(shown({.runs = 100, .done = 37, .failed = 2}, 37) ==
          "37 of 100 runs, 2 failed, 1 runs/s, 63 s left");
    CHECK(shown({.runs = 100, .done = 60, .found = 40, .failed = 10, .refused = 10}, 5) ==
          "60 of 100 runs, 10 failed, 2 runs/s, 20 s left");
    CHECK(shown({.runs = 100, .done = 1}, 10) == "1 of 100 runs, 6 runs/min, 17 min left");
    CHECK(shown({.runs = 100, .done = 1}, 100) == "1 of 100 runs, 36 runs/h, 2.8 h left");
    CHECK(shown({.runs = 100, .done = 100}, 100) == "100 of 100 runs, 1 runs/s");
}
