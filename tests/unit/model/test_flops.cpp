#include "model/network.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

TEST_CASE("floating-point operations are counted term by term") {
    const model::Network small({2, {3}, 2});
    CHECK(small.evaluation_flops(4) == 96 + (12 + 8) + (12 + 8) + 8);
    CHECK(small.step_flops(4) == 144 + (96 + 12 + 8) + (48 + 12) + 2 * 17);

    const model::Network regression({784, {}, 10});
    CHECK(regression.evaluation_flops(1) == 15680 + 10 + 10 + 10);
    CHECK(regression.step_flops(1) == 15710 + (15680 + 10) + 2 * 7850);

    // Two hidden layers, one sample: products 2 (20 + 12 + 6) = 76, error handed down through 12 + 6 weights.
    const model::Network deep({5, {4, 3}, 2});
    CHECK(deep.evaluation_flops(1) == 76 + 9 + 9 + 2);
    CHECK(deep.step_flops(1) == 96 + (76 + 9) + (2 * 12 + 4) + (2 * 6 + 3) + 2 * (24 + 15 + 8));

    CHECK(model::Network({784, {64}, 10}).step_flops(100) == 20585780);
}
