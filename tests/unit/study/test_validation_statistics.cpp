#include <cmath>
#include <iterator>
#include <limits>

#include "study/validate/statistics.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::study;

TEST_CASE("median, quartiles and extremes do not depend on the order of the values") {
    const FiveNumbers four = five_numbers({3, 1, 4, 2});
    CHECK(four.count == 4);
    CHECK(four.median == 2.5);
    CHECK(four.lower_quartile == 1.75);
    CHECK(four.upper_quartile == 3.25);
    CHECK(four.least == 1);
    CHECK(four.most == 4);
    CHECK(four.range() == 3);
    CHECK(five_numbers({5, 9, 1}).median == 5);
}

TEST_CASE("one value is all of its own spread; none, and what is not finite, have none") {
    const FiveNumbers one = five_numbers({7});
    CHECK(one.median == 7);
    CHECK(one.lower_quartile == 7);
    CHECK(one.upper_quartile == 7);
    CHECK(one.range() == 0);
    CHECK(std::isnan(five_numbers({}).median));
    const FiveNumbers broken = five_numbers({1, std::numeric_limits<double>::quiet_NaN()});
    CHECK(broken.count == 2);
    CHECK(std::isnan(broken.median));
    CHECK(std::isnan(broken.most));
}

TEST_CASE("an error is above 0 where the simulated figure is the larger one") {
    CHECK(error_percent(110, 100) == Approx(10));
    CHECK(error_percent(75, 100) == -25);
    CHECK(error_percent(0, 0) == 0);
    CHECK(error_percent(1, 0) == std::numeric_limits<double>::infinity());
    CHECK(error_percent(-2, -1) == -100);
}

TEST_CASE("the bias is the mean of signed errors: scatter cancels, a lean does not") {
    const double measured[]{100, 100, 200};
    const double scattered[]{110, 90, 200};
    const double leaning[]{110, 110, 220};
    CHECK(bias_percent(scattered, measured) == Approx(0).margin(1e-12));
    CHECK(bias_percent(leaning, measured) == Approx(10));
}

TEST_CASE("what a test set cannot tell apart") {
    CHECK(resolution_of_share(0.9, 1000) == Approx(1.96 * std::sqrt(2 * 0.09 / 1000)));
    CHECK(resolution_of_share(0.9, 1000) == Approx(0.026296).epsilon(1e-4));
    CHECK(resolution_of_share(0.9, 4000) == Approx(resolution_of_share(0.9, 1000) / 2));
    CHECK(resolution_of_share(1, 500) == 1.0 / 500);
}

TEST_CASE("noise is half the interval of the median, in per cent of it") {
    CHECK(*noise_percent({9, 10, 12}) == Approx(15));
    CHECK(*noise_percent({-9, -10, -12}) == Approx(15));
    CHECK(*noise_percent({0, 0}) == 0);
    CHECK(std::isinf(*noise_percent({-1, 0, 1})));
    CHECK_FALSE(noise_percent({7}));
    CHECK_FALSE(noise_percent({7, std::nan("")}));
    CHECK(*noise_percent({50, 99, 99, 100, 100, 101, 101, 101}) == Approx(25.5));
    CHECK(*noise_percent({50, 99, 99, 100, 100, 101, 101, 101, 200}) == Approx(1));
}

TEST_CASE("how sure the interval of the median is grows with the number of values") {
    const double level_percents[]{0, 0, 50, 75, 87.5, 93.75};
    for (std::size_t count = 0; count < std::size(level_percents); ++count)
        CHECK(median_interval_level_percent(count) == Approx(level_percents[count]).margin(1e-9));
    CHECK(median_interval_level_percent(8) == Approx(100 * (1 - 2.0 / 256)));
    CHECK(median_interval_level_percent(9) == Approx(100 * (1 - 20.0 / 512)));
    for (std::size_t count = 5; count < 200; ++count) CHECK(median_interval_level_percent(count) >= 93);
}

TEST_CASE("the distance of intervals is between their nearest ends") {
    const Interval interval{2, 5};
    CHECK(interval.distance({6, 9}) == 1);
    CHECK(interval.distance({0, 0.5}) == 1.5);
    CHECK(interval.distance({5, 9}) == 0);
    CHECK(interval.distance({3, 4}) == 0);
    CHECK(std::isnan(interval.distance({std::nan(""), std::nan("")})));
}
