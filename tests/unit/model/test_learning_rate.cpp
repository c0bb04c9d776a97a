#include "model/learning_rate.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

TEST_CASE("the learning rate decays once an epoch, from the second on") {
    CHECK(model::learning_rate(1.0, 0.99, 0) == 1.0);
    CHECK(model::learning_rate(0.5, 0.5, 1) == 0.25);
    CHECK(model::learning_rate(1.0, 0.99, 2) == 0.99 * 0.99);
    CHECK(model::learning_rate(3.0, 1.0, 1000) == 3.0);
    CHECK(model::learning_rate(1.0, 0.99, 4) == Approx(0.96059601).epsilon(1e-12));
}
