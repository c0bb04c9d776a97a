#include <cmath>
#include <limits>

#include "study/validate/judgement.hpp"
#include "tests/support/catch.hpp"

namespace test_judgement {

using namespace lockstep::study;

constexpr double infinite = std::numeric_limits<double>::infinity();

TEST_CASE("where noise is within the tolerance the error decides, and both limits are tolerated") {
    for (const double noise : {0.0, 4.9, 5.0, std::nan("")}) {
        INFO(noise);
        CHECK(judged(0, 5, noise) == Verdict::pass);
        CHECK(judged(5, 5, noise) == Verdict::pass);
        CHECK(judged(5.01, 5, noise) == Verdict::fail);
        CHECK(judged(infinite, 5, noise) == Verdict::fail);
        CHECK(judged(std::nan(""), 5, noise) == Verdict::fail);
    }
}

TEST_CASE("beyond it nothing passes, and what noise cannot explain fails") {
    CHECK(judged(0, 5, 5.01) == Verdict::inconclusive);
    CHECK(judged(11, 5, 6) == Verdict::inconclusive);
    CHECK(judged(11.01, 5, 6) == Verdict::fail);
    CHECK(judged(infinite, 5, 6) == Verdict::fail);
    CHECK(judged(1000, 5, infinite) == Verdict::inconclusive);
    CHECK(judged(std::nan(""), 5, 6) == Verdict::fail);
}

TEST_CASE("of several verdicts the gravest is the largest") {
    CHECK(Verdict::fail > Verdict::inconclusive);
    CHECK(Verdict::inconclusive > Verdict::pass);
    CHECK(Verdict::pass > Verdict::shown);
    CHECK(word(Verdict::inconclusive) == "inconclusive");
    CHECK(name(Verdict::inconclusive) == "INCONCLUSIVE");
    CHECK(name(Verdict::pass) == "pass");
}

}  // namespace test_judgement
