#include <cmath>
#include <limits>
#include <vector>

#include "base/vector_math.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::base;
using Floats = std::vector<float>;

TEST_CASE("element-wise arithmetic, by hand") {
    Floats v{1, 2, 3};
    const Floats w{10, 20, 30};
    add(v, w);
    CHECK(v == Floats{11, 22, 33});
    scale(v, 2);
    CHECK(v == Floats{22, 44, 66});
    add_difference(v, w, Floats{1, 2, 3});
    CHECK(v == Floats{31, 62, 93});
    descend(v, w, 0.5F);
    CHECK(v == Floats{26, 52, 78});
    mix(v, w, 0.25F);
    CHECK(v == Floats{22, 44, 66});
    copy(v, w);
    CHECK(v == w);
}

TEST_CASE("an outer product is subtracted row by row") {
    Floats v{10, 20, 30, 40, 50, 60};
    descend_outer(v, Floats{1, -2}, Floats{3, 4, 5}, 0.5F);
    CHECK(v == Floats{8.5F, 18, 27.5F, 43, 54, 65});
    // A product of -0 is a sum of one, +0, as in a product of matrices: -0 stays what it is.
    Floats zero{-0.0F};
    descend_outer(zero, Floats{-1}, Floats{0}, 1);
    CHECK(std::signbit(zero[0]));
}

TEST_CASE("the difference is rounded before it is added") {
    // 1 - 2^-30 rounds to 1; were target + a taken first, -2^-30 would be left.
    Floats v{-1.0F};
    add_difference(v, Floats{1.0F}, Floats{0x1p-30F});
    CHECK(v == Floats{0.0F});
}

TEST_CASE("mixing with weight 1 is the source bit for bit, even over infinities") {
    Floats v{std::numeric_limits<float>::infinity(), 1e30F, 0.1F};
    const Floats w{0.1F, 0.3F, 1e-30F};
    mix(v, w, 1.0F);
    CHECK(v == w);
}

TEST_CASE("products are rounded before they are added: no fused multiply-add") {
    // 1 + e has square 1 + 2e + e^2, which rounds to 1 + 2e; fused, the difference would be -e^2.
    const float e = 0x1p-12F;
    const float factor = 1 + e;
    Floats v(33, 1 + 2 * e);  // more than any vector register and a remainder
    descend(v, Floats(33, factor), factor);
    for (const float value : v) REQUIRE(value == 0.0F);
}

TEST_CASE("the scalar product is exact where float64 is, for every remainder") {
    for (std::size_t size = 0; size < 20; ++size) {
        Floats v(size);
        Floats w(size);
        double expected = 0;
        for (std::size_t i = 0; i < size; ++i) {
            v[i] = static_cast<float>(i + 1);
            w[i] = static_cast<float>(i * i) - 7;
            expected += (static_cast<double>(i) + 1) * (static_cast<double>(i * i) - 7);
        }
        CHECK(dot(v, w) == expected);
    }
    // Lost in float32: 1 + 2^-30.
    CHECK(dot(Floats{1, 0x1p-15F}, Floats{1, 0x1p-15F}) == 1 + 0x1p-30);
}

TEST_CASE("nothing happens to empty vectors") {
    Floats none;
    add(none, none);
    scale(none, 2);
    mix(none, none, 0.5F);
    CHECK(none.empty());
}
