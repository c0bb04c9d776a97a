#include <limits>

#include "base/vector_math.hpp"
#include "compression/sign.hpp"
#include "compression/word.hpp"
#include "tests/support/catch.hpp"
#include "vectors.hpp"

using namespace lockstep;
using namespace lockstep::compression;
using test::Floats;

TEST_CASE("signs: zero of either sign and NaN are positive") {
    Sign codec;
    constexpr float infinity = std::numeric_limits<float>::infinity();
    constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();
    CHECK(test::coded(codec, {2, -2, 0.0F, -0.0F, nan_value, -nan_value, infinity, -infinity, 1e-45F,
                              -1e-45F}) == Floats{1, -1, 1, 1, 1, 1, 1, -1, 1, -1});
}

TEST_CASE("a bit a value, 1 for minus, lowest first") {
    Sign codec;
    CHECK(codec.words(0) == 0);
    CHECK(codec.words(1) == 1);
    CHECK(codec.words(32) == 1);
    CHECK(codec.words(33) == 2);
    Floats vector(34, 1.0F);
    vector[1] = vector[31] = vector[33] = -1;
    base::RandomStream draws(1, base::Purpose::test);
    Floats code(2);
    codec.encode(vector, draws, code);
    CHECK(word(code, 0) == 0x80000002U);
    CHECK(word(code, 1) == 2U);
    CHECK(test::coded(codec, vector) == vector);
}

TEST_CASE("rescaling one worker changes nothing") {
    Sign codec;
    const Floats vector = test::uniform(1000, 1);
    Floats scaled = vector;
    base::scale(scaled, 1e-3F);
    CHECK(test::coded(codec, scaled) == test::coded(codec, vector));
    base::scale(scaled, -1);
    CHECK(test::coded(codec, scaled) != test::coded(codec, vector));
}

TEST_CASE("the majority of signs, and 0 for a tie") {
    Floats sums{3, -1, 0, -0.0F, 1, -4};
    majority(sums);
    CHECK(test::same_bits(sums, Floats{1, -1, 0, 0, 1, -1}));

    // Two workers against one, however large its gradient.
    Sign codec;
    Floats votes(2);
    for (const Floats& gradient : {Floats{1e6F, -1}, Floats{-1, -1}, Floats{-1, 1e6F}})
        base::add(votes, test::coded(codec, gradient));
    majority(votes);
    CHECK(votes == Floats{-1, -1});
}
