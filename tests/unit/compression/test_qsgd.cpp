#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "compression/qsgd.hpp"
#include "tests/support/catch.hpp"
#include "vectors.hpp"

namespace test_qsgd {

using namespace lockstep;
using namespace lockstep::compression;
using test::Floats;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();

base::RandomStream stream(std::uint32_t index) {
    return {3, base::Purpose::test, index};
}

}  // namespace

TEST_CASE("the packed size is the norm and ceil(log2(2 s + 1)) bits a value") {
    for (const auto& [levels, bits] : {std::pair{1U, 2U},
                                       {2U, 3U},
                                       {3U, 3U},
                                       {4U, 4U},
                                       {7U, 4U},
                                       {8U, 5U},
                                       {127U, 8U},
                                       {128U, 9U},
                                       {65536U, 18U}}) {
        const Qsgd codec(levels);
        CHECK(codec.bits() == bits);
        CHECK(codec.bits() == static_cast<unsigned>(std::ceil(std::log2(2.0 * levels + 1))));
        for (const std::size_t n : {0U, 1U, 15U, 16U, 17U, 1000U})
            CHECK(codec.words(n) == 1 + (n * bits + 31) / 32);
    }
}

TEST_CASE("values on a level are exact") {
    Qsgd codec(5);
    auto draws = stream(0);
    CHECK(test::coded(codec, {3, -4}, draws) == Floats{3, -4});  // norm 5
    CHECK(test::coded(codec, {0, 0, -2.5F, 0}, draws) == Floats{0, 0, -2.5F, 0});
    CHECK(test::coded(codec, {0.1F}, draws) == Floats{0.1F});
    CHECK(test::coded(codec, {1e-45F, 0}, draws) == Floats{1e-45F, 0});
    CHECK(test::coded(codec, {3e38F, 0}, draws) == Floats{3e38F, 0});
}

TEST_CASE("a single value is its norm, which rounding does not carry above the highest level") {
    auto draws = stream(0);
    for (const std::uint32_t levels : {1U, 3U, 7U, 100U, 65535U, 65536U}) {
        Qsgd codec(levels);
        for (const float value : test::uniform(200, levels))
            REQUIRE(test::coded(codec, {value}, draws) == Floats{value});
    }
}

TEST_CASE("a vector of zeros decodes to zeros") {
    Qsgd codec(3);
    auto draws = stream(0);
    CHECK(test::same_bits(test::coded(codec, Floats(40), draws), Floats(40)));
    CHECK(test::coded(codec, {-0.0F}, draws) == Floats{0});
    CHECK(test::coded(codec, {}, draws).empty());
}

TEST_CASE("there are at most 2 s + 1 levels, multiples of norm / s, next to the value") {
    for (const std::uint32_t levels : {1U, 3U, 8U}) {
        Qsgd codec(levels);
        auto draws = stream(levels);
        const Floats vector = test::uniform(50, 1);
        const double unit = std::sqrt(test::squared_norm(vector)) / levels;
        std::set<float> seen;
        for (int trial = 0; trial < 200; ++trial) {
            const Floats decoded = test::coded(codec, vector, draws);
            seen.insert(decoded.begin(), decoded.end());
            for (std::size_t i = 0; i < vector.size(); ++i) {
                REQUIRE(std::abs(decoded[i] - vector[i]) < unit * (1 + 1e-5));
                REQUIRE(decoded[i] / unit == Approx(std::round(decoded[i] / unit)).margin(1e-4));
                REQUIRE(decoded[i] * vector[i] >= 0);
            }
        }
        CHECK(seen.size() <= 2 * levels + 1);
        CHECK(seen.size() >= 3);
    }
}

TEST_CASE("the code is unbiased, and its error is bounded as in lemma 3.1") {
    constexpr int trials = 4000;
    const Floats vector = test::uniform(30, 2);
    const double n = 30;
    const double squared_norm = test::squared_norm(vector);
    for (const std::uint32_t levels : {1U, 4U, 16U}) {
        Qsgd codec(levels);
        auto draws = stream(100 + levels);
        std::vector<double> sum(vector.size());
        double error = 0;
        for (int trial = 0; trial < trials; ++trial) {
            const Floats decoded = test::coded(codec, vector, draws);
            for (std::size_t i = 0; i < vector.size(); ++i) sum[i] += decoded[i];
            error += test::squared_distance(decoded, vector) / trials;
        }
        const double unit = std::sqrt(squared_norm) / levels;
        for (std::size_t i = 0; i < vector.size(); ++i) {
            const double share = std::abs(vector[i]) / unit - std::floor(std::abs(vector[i]) / unit);
            const double standard_error = unit * std::sqrt(share * (1 - share) / trials);
            CHECK(std::abs(sum[i] / trials - vector[i]) < 4 * standard_error + 1e-6);
        }
        CHECK(error <= std::min(n / (levels * levels), std::sqrt(n) / levels) * squared_norm);
        double variance = 0;  // exact: the sum of unit^2 share (1 - share)
        for (const float value : vector) {
            const double share = std::abs(value) / unit - std::floor(std::abs(value) / unit);
            variance += unit * unit * share * (1 - share);
        }
        CHECK(error == Approx(variance).epsilon(0.05));
    }
}

TEST_CASE("the same draws give the same code, others another, and every vector takes as many") {
    Qsgd codec(4);
    const Floats vector = test::uniform(100, 4);
    auto first = stream(1);
    auto second = stream(1);
    auto third = stream(2);
    const Floats decoded = test::coded(codec, vector, first);
    CHECK(decoded == test::coded(codec, vector, second));
    CHECK(decoded != test::coded(codec, vector, third));
    test::coded(codec, Floats(100), first);
    test::coded(codec, Floats(100, infinity), second);
    auto fourth = stream(1);
    test::coded(codec, vector, fourth);
    test::coded(codec, vector, fourth);
    const auto next = fourth.bits();
    CHECK(first.bits() == next);
    CHECK(second.bits() == next);
}

TEST_CASE("a norm that is not finite decodes to NaN everywhere") {
    Qsgd codec(4);
    auto draws = stream(0);
    for (const float odd : {infinity, -infinity, nan_value}) {
        Floats vector(10, 1.0F);
        vector[3] = odd;
        for (const float value : test::coded(codec, vector, draws)) CHECK(std::isnan(value));
    }
    for (const float value : test::coded(codec, {3e38F, 3e38F}, draws)) CHECK(std::isnan(value));
}

}  // namespace test_qsgd
