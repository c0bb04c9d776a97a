#include <cmath>
#include <limits>
#include <vector>

#include "study/sweep/statistics.hpp"
#include "tests/support/catch.hpp"

using lockstep::study::estimate;
using lockstep::study::Estimate;

TEST_CASE("mean and confidence interval against a table of Student's t") {
    // Quantiles of 97.5 % for 1, 2, 4, 9 and 29 degrees of freedom, as every table has them. The numbers 0 ..
    // n - 1 have mean (n - 1) / 2 and variance n (n + 1) / 12.
    struct Row {
        std::size_t count;
        double quantile;
    };
    for (const auto& [count, quantile] :
         {Row{2, 12.706205}, Row{3, 4.302653}, Row{5, 2.776445}, Row{10, 2.262157}, Row{30, 2.045230}}) {
        std::vector<double> numbers;
        for (std::size_t i = 0; i < count; ++i) numbers.push_back(static_cast<double>(i));
        const Estimate found = estimate(numbers);
        const auto n = static_cast<double>(count);
        CHECK(found.count == count);
        CHECK(found.mean == (n - 1) / 2);
        CHECK(found.half_width == Approx(quantile * std::sqrt((n + 1) / 12)).epsilon(1e-6));
    }
}

TEST_CASE("one number has no interval, none has no mean, equal ones are certain") {
    CHECK(estimate(std::vector<double>{3}).mean == 3);
    CHECK(std::isnan(estimate(std::vector<double>{3}).half_width));
    CHECK(estimate({}).count == 0);
    CHECK(std::isnan(estimate({}).mean));
    CHECK(estimate(std::vector<double>{0.7363, 0.7363, 0.7363}).mean == 0.7363);
    CHECK(estimate(std::vector<double>{0.7363, 0.7363, 0.7363}).half_width == 0);
}

TEST_CASE("what is no number is left out") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const Estimate found = estimate(std::vector<double>{nan, 1, infinity, 3});
    CHECK(found.count == 2);
    CHECK(found.mean == 2);
    CHECK(found.half_width == Approx(12.706205).epsilon(1e-6));
}
