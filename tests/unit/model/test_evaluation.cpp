#include <limits>

#include "base/vector_math.hpp"
#include "problem.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

TEST_CASE("an evaluation does not depend on the size of its pieces") {
    for (const auto& kind : test::all_kinds()) {
        INFO(test::describe(kind));
        const test::Problem problem(kind, 101);
        model::Workspace whole(problem.network, 101);
        const auto expected = problem.network.evaluate(problem.parameters, problem.batch(), whole);
        for (const std::size_t capacity : {1U, 7U, 50U, 100U, 500U}) {
            model::Workspace workspace(problem.network, capacity);
            const auto pieces = problem.network.evaluate(problem.parameters, problem.batch(), workspace);
            CHECK(pieces.loss == Approx(expected.loss).epsilon(1e-6));
            CHECK(pieces.accuracy == expected.accuracy);
        }
    }
}

TEST_CASE("an evaluation's loss is the gradient's") {
    for (const auto& kind : test::all_kinds()) {
        INFO(test::describe(kind));
        const test::Problem problem(kind, 12);
        model::Workspace workspace(problem.network, 12);
        base::FloatBuffer gradient(problem.network.parameter_count());
        CHECK(problem.network.evaluate(problem.parameters, problem.batch(), workspace).loss ==
              problem.network.gradient(problem.parameters, problem.batch(), gradient, workspace));
    }
}

TEST_CASE("accuracy counts samples whose largest output is the label's") {
    // Identity weights: the outputs are the image's three pixels.
    const model::Network network({3, {}, 3});
    base::FloatBuffer parameters(12);
    base::copy(parameters, std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0});
    base::FloatBuffer images(12);
    base::copy(images, std::vector<float>{.9F, .1F, .2F,  //
                                          .1F, .2F, .9F,  //
                                          .5F, .5F, .1F,  // of equals the first
                                          .3F, .3F, .3F});
    model::Workspace workspace(network, 3);
    const auto accuracy = [&](const std::vector<std::uint8_t>& labels) {
        return network.evaluate(parameters, {images.span(), labels}, workspace).accuracy;
    };
    CHECK(accuracy({0, 2, 0, 0}) == 1.0);
    CHECK(accuracy({0, 2, 1, 2}) == 0.5);
    CHECK(accuracy({1, 0, 2, 1}) == 0.0);
    parameters.data()[9] = std::numeric_limits<float>::quiet_NaN();
    CHECK(accuracy({0, 2, 0, 0}) == 0.0);
}
