#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "compression/top_k.hpp"
#include "compression/word.hpp"
#include "tests/support/catch.hpp"
#include "vectors.hpp"

namespace test_top_k {

using namespace lockstep;
using namespace lockstep::compression;
using test::Floats;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();

/// By a stable sort: the definition.
Floats reference(const Floats& vector, std::size_t kept) {
    std::vector<std::size_t> order(vector.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return std::abs(vector[a]) > std::abs(vector[b]); });
    Floats result(vector.size());
    for (std::size_t i = 0; i < kept; ++i) result[order[i]] = vector[order[i]];
    return result;
}

}  // namespace

TEST_CASE("k is the rounded share, at least 1 and at most n") {
    CHECK(TopK(0.01).kept(1000) == 10);
    CHECK(TopK(0.01).kept(149) == 1);
    CHECK(TopK(0.01).kept(151) == 2);
    CHECK(TopK(0.5).kept(3) == 2);
    CHECK(TopK(0.001).kept(3) == 1);
    CHECK(TopK(1).kept(3) == 3);
    CHECK(TopK(0.1).kept(0) == 0);
    CHECK(TopK(0.01).words(1000) == 20);
}

TEST_CASE("the example: two of four") {
    TopK codec(0.5);
    base::RandomStream draws(1, base::Purpose::test);
    Floats code(4);
    codec.encode(Floats{0, -7, 0, 3}, draws, code);
    CHECK(word(code, 0) == 1);
    CHECK(code[1] == -7);
    CHECK(word(code, 2) == 3);
    CHECK(code[3] == 3);
    CHECK(test::coded(codec, {0, -7, 0, 3}) == Floats{0, -7, 0, 3});
    CHECK(test::coded(codec, {2, -7, 1, 3}) == Floats{0, -7, 0, 3});
}

TEST_CASE("with k = n the code is the identity, to the bit") {
    TopK codec(1);
    CHECK(test::same_bits(test::coded(codec, test::uniform(1000, 1)), test::uniform(1000, 1)));
    const Floats odd{-0.0F, 0.0F, infinity, -nan_value, -infinity, 1e-45F, 3};
    CHECK(test::same_bits(test::coded(codec, odd), odd));
    CHECK(test::coded(codec, {}).empty());
}

TEST_CASE("it keeps what a stable sort by magnitude puts first") {
    for (const double fraction : {0.001, 0.01, 0.1, 0.5, 0.99})
        for (const std::size_t size : {1U, 2U, 10U, 1000U, 4097U}) {
            TopK codec(fraction);
            Floats vector = test::uniform(size, 2);
            CHECK(test::coded(codec, vector) == reference(vector, codec.kept(size)));
            for (float& value : vector) value = std::round(value * 4);  // nine values: ties everywhere
            CHECK(test::coded(codec, vector) == reference(vector, codec.kept(size)));
        }
}

TEST_CASE("of equal magnitudes the lower index is kept") {
    TopK codec(0.5);
    CHECK(test::coded(codec, {1, -1, 1, -1}) == Floats{1, -1, 0, 0});
    CHECK(test::coded(codec, {1, -2, 2, -2, 2, 3}) == Floats{0, -2, 2, 0, 0, 3});
}

TEST_CASE("a NaN counts as largest, then infinity") {
    TopK one(0.001);
    const Floats decoded = test::coded(one, {infinity, 5, -nan_value, nan_value});
    CHECK(std::isnan(decoded[2]));
    CHECK(decoded[3] == 0);
    CHECK(decoded[0] == 0);
    CHECK(test::coded(one, {1e38F, 5, -infinity}) == Floats{0, 0, -infinity});
}

TEST_CASE("what is lost is at most the share that is not sent") {
    // Stich et al., definition 2.1: |u - top_k(u)|^2 <= (1 - k / n) |u|^2.
    for (std::uint32_t trial = 0; trial < 20; ++trial) {
        TopK codec(0.1);
        const Floats vector = test::uniform(1000, 10 + trial);
        CHECK(test::squared_distance(test::coded(codec, vector), vector) <= 0.9 * test::squared_norm(vector));
    }
}

TEST_CASE("a codec may be used for vectors of several lengths") {
    TopK codec(0.1);
    for (const std::size_t size : {100U, 10U, 1000U, 10U}) {
        const Floats vector = test::uniform(size, 3);
        CHECK(test::coded(codec, vector) == reference(vector, codec.kept(size)));
    }
}

TEST_CASE("codes are added up where they hold something, to the bit of adding what they stand for") {
    TopK codec(0.3);
    base::RandomStream draws(1, base::Purpose::test);
    Floats sum = test::uniform(40, 7);
    Floats expected = sum;
    for (const std::uint32_t index : {8U, 9U}) {
        const Floats vector = test::uniform(40, index);
        Floats code(codec.words(40));
        codec.encode(vector, draws, code);
        codec.add_decoded(code, sum, {});
        base::add(expected, test::coded(codec, vector));
    }
    CHECK(test::same_bits(sum, expected));
    CHECK(codec.add_flops(40) == 12);
}

}  // namespace test_top_k
