#include <vector>

#include "compression/factor_layout.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using compression::FactorLayout;

namespace {

/// 784-30-10: weights and biases of two layers.
const std::vector<base::Block> network = {{0, 30, 784}, {23520, 1, 30}, {23550, 10, 30}, {23850, 1, 10}};

}  // namespace

TEST_CASE("the example: ten of fifteen values travel") {
    const FactorLayout layout(std::vector<base::Block>{{0, 3, 4}, {12, 1, 3}}, 1);
    CHECK(layout.values() == 15);
    CHECK(layout.left_values() == 6);
    CHECK(layout.right_values() == 4);
}

TEST_CASE("matrices are factored where that saves something, vectors never") {
    const FactorLayout two(network, 2);
    REQUIRE(two.parts().size() == 4);
    CHECK(two.parts()[0].factored);
    CHECK_FALSE(two.parts()[1].factored);
    CHECK(two.parts()[2].factored);  // 2 * 40 < 300
    CHECK_FALSE(two.parts()[3].factored);
    CHECK(two.values() == 23860);
    CHECK(two.left_values() == 2 * 30 + 30 + 2 * 10 + 10);
    CHECK(two.right_values() == 2 * 784 + 2 * 30);
    CHECK(two.parts()[2].left == 90);
    CHECK(two.parts()[2].right == 1568);

    const FactorLayout eight(network, 8);
    CHECK(eight.parts()[0].factored);
    CHECK_FALSE(eight.parts()[2].factored);  // 8 * 40 >= 300
    CHECK(eight.left_values() == 8 * 30 + 30 + 300 + 10);

    const std::vector<base::Block> equal{{0, 4, 4}};
    CHECK(FactorLayout(equal, 1).parts()[0].factored);
    CHECK_FALSE(FactorLayout(equal, 2).parts()[0].factored);  // 2 * 8 == 16 saves nothing
}

TEST_CASE("operations in closed form") {
    const FactorLayout layout(network, 2);
    CHECK(layout.product_flops() == 2.0 * 2 * (23520 + 300));
    CHECK(layout.orthonormalise_flops() == 2.0 * (4 + 5) * (30 + 10));
    CHECK(layout.warm_start_flops() == 3.0 * 2 * (784 + 30));
}
