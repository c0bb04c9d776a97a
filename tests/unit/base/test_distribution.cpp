#include <cmath>
#include <string>

#include "base/distribution.hpp"
#include "base/error.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::base;

namespace {

Distribution of(const std::string& text) {
    return Distribution::parse("--x", text);
}

/// The mean of a power over all draws, by the midpoints of many equal parts.
double moment(const Distribution& distribution, double power) {
    constexpr int parts = 400'000;
    double sum = 0;
    for (int i = 0; i < parts; ++i) sum += std::pow(distribution.quantile((i + 0.5) / parts), power);
    return sum / parts;
}

}  // namespace

TEST_CASE("every distribution has the mean that it says") {
    for (const char* text : {"none", "uniform:0.5", "lognormal:0.3", "shifted-exponential:0.4",
                             "shifted-exponential:1", "pareto:3", "two-point:0.05,10", "empirical:0.5,1,4"}) {
        CAPTURE(text);
        CHECK(moment(of(text), 1) == Approx(of(text).mean()).epsilon(1e-3));
    }
    CHECK(of("two-point:0.05,10").mean() == Approx(1.45));
    CHECK(of("lognormal:0.3").mean() == 1);
}

TEST_CASE("a lognormal's parameter is its standard deviation, an exponential's its scale") {
    CHECK(moment(of("lognormal:0.3"), 2) - 1 == Approx(0.09).epsilon(1e-2));
    CHECK(moment(of("shifted-exponential:0.5"), 2) - 1 == Approx(0.25).epsilon(1e-2));
    CHECK(of("shifted-exponential:0.25").quantile(0) == Approx(0.75));
    CHECK(of("pareto:2").quantile(0) == Approx(0.5));
    CHECK(of("pareto:2").quantile(0.75) == Approx(1));
    CHECK(of("uniform:0.5").quantile(0) == Approx(0.5));
    CHECK(of("two-point:0.25,8").quantile(0.74) == 1);
    CHECK(of("two-point:0.25,8").quantile(0.76) == 8);
    CHECK(of("empirical:1,2,4,5").quantile(0.49) == 2);
    CHECK(of("empirical:1,2,4,5").quantile(0.5) == 4);
    CHECK(of("empirical:1,2,4,5").mean() == 3);
}

TEST_CASE("draws are finite and positive at both ends of the uniform numbers") {
    for (const char* text :
         {"uniform:0.9", "lognormal:2", "shifted-exponential:1", "pareto:1.1", "empirical:0.5,9"})
        for (const double u : {0.0, 1 - 0x1p-32}) {
            CAPTURE(text, u);
            CHECK(std::isfinite(of(text).quantile(u)));
            CHECK(of(text).quantile(u) >= 0);
        }
}

TEST_CASE("distributions render what they read") {
    for (const char* text : {"none", "uniform:0.5", "lognormal:0.3", "shifted-exponential:1", "pareto:2.5",
                             "two-point:0.05,10", "empirical:0.5,0.75,2"}) {
        CHECK(of(text).text() == text);
        CHECK(of(of(text).text()) == of(text));
    }
    CHECK(of("none").is_constant());
    CHECK_FALSE(of("uniform:0.1").is_constant());
}

TEST_CASE("no spread is no distribution") {
    for (const char* text : {"uniform:0", "lognormal:0", "lognormal:0.0", "shifted-exponential:0"}) {
        CHECK(Distribution::parse("--jitter", text).text() == "none");
        CHECK(Distribution::parse("--jitter", text) == Distribution{});
    }
    CHECK(Distribution::parse("--jitter", "two-point:0,3").text() == "two-point:0,3");
}

TEST_CASE("what is no distribution is refused with all that is allowed") {
    for (const char* text : {"",
                             "normal:1",
                             "lognormal",
                             "lognormal:",
                             "lognormal:-1",
                             "lognormal:nan",
                             "lognormal:0.2x",
                             "uniform:1",
                             "uniform:-0.1",
                             "pareto:1",
                             "shifted-exponential:1.1",
                             "two-point:0.5",
                             "two-point:0.5,",
                             "two-point:2,3",
                             "two-point:0.5,0",
                             "two-point:0.5,inf",
                             "two-point:1,1e300",
                             "two-point:1,1e-300",
                             "two-point:0.5,2,3",
                             "empirical:",
                             "empirical:1",
                             "empirical:2,1",
                             "empirical:1,",
                             "empirical:0,1",
                             "empirical:1,nan",
                             "none:1"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(of(text), InputError);
        CHECK_THROWS_WITH(of(text), Catch::Matchers::StartsWith("--x: given '") &&
                                        Catch::Matchers::ContainsSubstring("shifted-exponential:SHARE"));
    }
}
