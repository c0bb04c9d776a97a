// The fits alone, of data whose laws are known.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/distribution.hpp"
#include "base/random.hpp"
#include "calibration/message_cost.hpp"
#include "calibration/step_times.hpp"
#include "calibration/warnings.hpp"
#include "tests/support/catch.hpp"

namespace test_fits {

using namespace lockstep;
using calibration::SizedTime;

namespace {

std::vector<SizedTime> measured(double (*law)(double bytes), double noise = 0) {
    base::RandomStream stream(1, base::Purpose::test);
    std::vector<SizedTime> times;
    for (double bytes = 1; bytes <= 1 << 24; bytes *= 2)
        for (const double size : {bytes, 1.5 * bytes})
            times.push_back({size, law(size) * (1 + noise * stream.uniform(-1, 1))});
    return times;
}

double line(double bytes) {
    return 1e-5 + 1e-9 * bytes;
}

double with_a_step(double bytes) {
    return bytes < 4096 ? 1e-6 + 1e-10 * bytes : 5e-6 + 2e-10 * bytes;
}

}  // namespace

TEST_CASE("one line is found to be one line, with noise as well") {
    for (const double noise : {0.0, 0.03}) {
        const auto times = measured(line, noise);
        const auto cost = calibration::fit_message_cost(times);
        const calibration::Residuals off = calibration::residuals(cost, times);
        REQUIRE(cost.segments.size() == 1);
        CHECK(cost.segments[0].from_bytes == 0);
        CHECK(cost.segments[0].fixed_s == Approx(1e-5).epsilon(0.01 + noise));
        CHECK(cost.segments[0].per_byte_s == Approx(1e-9).epsilon(0.01 + noise));
        CHECK(off.largest <= 1.1 * noise + 1e-9);
        CHECK(off.median <= off.largest);
    }
}

TEST_CASE("a change of protocol is found where it is") {
    const auto cost = calibration::fit_message_cost(measured(with_a_step, 0.01));
    REQUIRE(cost.segments.size() == 2);
    CHECK(cost.segments[1].from_bytes == 4096);
    CHECK(cost.time_s(4095) == Approx(with_a_step(4095)).epsilon(0.02));
    CHECK(cost.time_s(4096) == Approx(with_a_step(4096)).epsilon(0.02));
    CHECK(cost.time_s(1e8) == Approx(with_a_step(1e8)).epsilon(0.02));
}

TEST_CASE("no message has negative costs") {
    const auto cost = calibration::fit_message_cost(measured([](double bytes) { return 1e-9 * bytes; }));
    REQUIRE(cost.segments.size() == 1);
    CHECK(cost.segments[0].fixed_s >= 0);
    CHECK(cost.segments[0].fixed_s < 1e-12);
    const auto falling =
        calibration::fit_message_cost(measured([](double bytes) { return 1e-5 / (1 + std::log2(bytes)); }));
    for (const auto& segment : falling.segments) CHECK(segment.per_byte_s >= 0);
}

TEST_CASE("steps are described by mean, spread, quantiles and correlation") {
    std::vector<double> times;
    for (int i = 0; i < 1000; ++i) times.push_back(i % 2 == 0 ? 1 : 3);
    const auto alternating = calibration::describe_steps(times);
    CHECK(alternating.mean_s == Approx(2));
    CHECK(alternating.deviation_s == Approx(1));
    CHECK(alternating.autocorrelation == Approx(-1).epsilon(0.01));
    CHECK(alternating.quantiles_s.front() == 1);
    CHECK(alternating.quantiles_s.back() == 3);
    std::ranges::sort(times);
    CHECK(calibration::describe_steps(times).autocorrelation > 0.98);
    const auto constant = calibration::describe_steps(std::vector<double>(10, 0.25));
    CHECK(constant.deviation_s == 0);
    CHECK(constant.autocorrelation == 0);
}

TEST_CASE("the empirical distribution keeps the mean, rare long steps included") {
    std::vector<double> relative(990, 0.9);
    relative.insert(relative.end(), 10, 10.9);
    const auto found = calibration::fit_variability(relative);
    const auto distribution = base::Distribution::parse("", found.empirical);
    CHECK(distribution.mean() == Approx(1).epsilon(1e-5));
    CHECK(found.deviation == Approx(std::sqrt(0.99 * 0.01 + 0.01 * 9.9 * 9.9)).epsilon(1e-9));
    CHECK(distribution.quantile(0.5) == Approx(0.9));
    CHECK(distribution.quantile(0.999) > 4);
    CHECK(calibration::fit_variability(std::vector<double>(100, 1)).empirical == "none");
}

TEST_CASE("draws of the empirical distribution have its moments") {
    const auto distribution = base::Distribution::parse("", "empirical:0.5,1,1.5");
    base::RandomStream stream(3, base::Purpose::test);
    double sum = 0;
    double squares = 0;
    constexpr int draws = 30000;
    for (int i = 0; i < draws; ++i) {
        const double value = distribution.draw(stream);
        sum += value;
        squares += value * value;
    }
    CHECK(sum / draws == Approx(1).epsilon(0.02));
    CHECK(squares / draws - 1 == Approx(0.5 / 3).epsilon(0.05));
}

TEST_CASE("ranks are in equal blocks as a simulation deals them, or not") {
    using Hosts = std::vector<std::string>;
    for (const Hosts& hosts : {Hosts{"a"}, Hosts{"a", "a"}, Hosts{"a", "b", "c"}, Hosts{"a", "a", "b", "b"},
                               Hosts{"a", "a", "b", "b", "c"}})
        CHECK(calibration::are_in_equal_blocks(hosts));
    for (const Hosts& hosts : {Hosts{"a", "b", "a", "b"}, Hosts{"a", "a", "b", "a"}, Hosts{"a", "b", "b"},
                               Hosts{"a", "a", "b", "c", "c"}, Hosts{"a", "b", "a"}})
        CHECK_FALSE(calibration::are_in_equal_blocks(hosts));
}

}  // namespace test_fits
