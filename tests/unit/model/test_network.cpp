#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "base/random.hpp"
#include "base/vector_math.hpp"
#include "problem.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

TEST_CASE("parameters are counted") {
    CHECK(model::Network({784, {}, 10}).parameter_count() == 7850);
    CHECK(model::Network({784, {30}, 10}).parameter_count() == 23860);
    CHECK(model::Network({784, {64}, 10}).parameter_count() == 50890);
    CHECK(model::Network({784, {128, 64}, 10}).parameter_count() == 109386);
    CHECK(model::Network({2, {3}, 2}).parameter_count() == 17);
}

TEST_CASE("softmax regression by hand") {
    // z = W x + b = (1 * 2 + 0, 0 * 2 + 3 * 0 + 1) = (2, 1); p = (e, 1) / (e + 1); loss = -log p[0] = log(1 +
    // 1/e)
    const model::Network network({2, {}, 2});
    base::FloatBuffer parameters(6);
    base::copy(parameters, std::vector<float>{1, 0, 0, 3, 0, 1});
    base::FloatBuffer image(2);
    base::copy(image, std::vector<float>{2, 0});
    const std::vector<std::uint8_t> labels{0};
    model::Workspace workspace(network, 1);
    base::FloatBuffer gradient(6);
    const double loss = network.gradient(parameters, {image.span(), labels}, gradient, workspace);
    CHECK(loss == Approx(std::log(1 + std::exp(-1.0))).epsilon(1e-6));
    const double p1 = 1 / (std::exp(1.0) + 1);  // the error is (p0 - 1, p1) = (-p1, p1)
    const std::vector<double> expected{-2 * p1, 0, 2 * p1, 0, -p1, p1};
    for (std::size_t i = 0; i < 6; ++i)
        CHECK(static_cast<double>(gradient.span()[i]) == Approx(expected[i]).margin(1e-7));
}

TEST_CASE("one rectified unit before one sigmoid output by hand") {
    // h = max(0, 2 * 1.5 - 1) = 2; a = sigmoid(0.5 * 2 - 1) = 1/2; the label's target is 1: loss = 1/2
    // (1/2)^2 = 1/8. Output error (a - 1) a (1 - a) = -1/8; dW2 = -1/8 * 2, db2 = -1/8; hidden error -1/8 *
    // 0.5 = -1/16; dW1 = -1/16 * 1.5.
    const model::Network network({1, {1}, 1, model::Activation::relu, model::Loss::squared_error});
    base::FloatBuffer parameters(4);
    base::copy(parameters, std::vector<float>{2, -1, 0.5, -1});
    base::FloatBuffer image(1);
    image.data()[0] = 1.5;
    const std::vector<std::uint8_t> labels{0};
    model::Workspace workspace(network, 1);
    base::FloatBuffer gradient(4);
    CHECK(network.gradient(parameters, {image.span(), labels}, gradient, workspace) == 0.125);
    CHECK(gradient.data()[0] == -1.5F / 16);
    CHECK(gradient.data()[1] == -1.0F / 16);
    CHECK(gradient.data()[2] == -2.0F / 8);
    CHECK(gradient.data()[3] == -1.0F / 8);
}

TEST_CASE("parameters of zero know nothing") {
    const test::Problem problem({784, {}, 10}, 20);
    const base::FloatBuffer zeros(problem.network.parameter_count());
    model::Workspace workspace(problem.network, 20);
    base::FloatBuffer gradient(problem.network.parameter_count());
    CHECK(problem.network.gradient(zeros, problem.batch(), gradient, workspace) ==
          Approx(std::log(10.0)).epsilon(1e-7));

    const test::Problem squared({784, {30}, 10, model::Activation::sigmoid, model::Loss::squared_error}, 20);
    const base::FloatBuffer none(squared.network.parameter_count());
    model::Workspace room(squared.network, 20);
    CHECK(squared.network.evaluate(none, squared.batch(), room).loss ==
          1.25);  // 10 outputs of 1/2: 10 * 1/2 * 1/4
}

TEST_CASE("a step has the bits of gradient and descend") {
    for (const auto& kind : test::all_kinds())
        for (const std::size_t samples : {9U, 1U}) {
            INFO(test::describe(kind) << ", " << samples << " samples");
            test::Problem problem(kind, samples);
            const auto& network = problem.network;
            model::Workspace workspace(network, samples);
            base::FloatBuffer expected(network.parameter_count());
            base::FloatBuffer gradient(network.parameter_count());
            std::fill_n(problem.parameters.data() + 3, 5, -0.0F);
            base::copy(expected, problem.parameters);
            const double loss = network.gradient(expected, problem.batch(), gradient, workspace);
            base::descend(expected, gradient, 0.7F);
            CHECK(network.step(problem.parameters, problem.batch(), 0.7F, workspace) == loss);
            CHECK(std::memcmp(expected.data(), problem.parameters.data(), expected.size() * sizeof(float)) ==
                  0);
        }
}

TEST_CASE("a separable problem is learnt to the last sample") {
    // Class k of 4 has its light in quarter k of 16 pixels, above noise.
    constexpr std::size_t samples = 40;
    base::FloatBuffer images(samples * 16);
    std::vector<std::uint8_t> labels(samples);
    base::RandomStream random(7, base::Purpose::test);
    for (std::size_t i = 0; i < samples; ++i) {
        labels[i] = static_cast<std::uint8_t>(i % 4);
        for (std::size_t j = 0; j < 16; ++j)
            images.data()[i * 16 + j] =
                static_cast<float>(random.uniform(0, 0.5) + (j / 4 == i % 4 ? 0.5 : 0.0));
    }
    for (auto kind : test::all_kinds()) {
        kind.inputs = 16;
        kind.outputs = 4;
        if (!kind.hidden.empty()) kind.hidden.front() = 12;
        INFO(test::describe(kind));
        const model::Network network(kind);
        base::FloatBuffer parameters(network.parameter_count());
        network.initialise(parameters, 1);
        model::Workspace workspace(network, samples);
        const model::Batch batch{images.span(), labels};
        const double before = network.evaluate(parameters, batch, workspace).loss;
        const float rate = kind.activation == model::Activation::relu ? 0.2F : 1.0F;
        for (int step = 0; step < 3000; ++step) network.step(parameters, batch, rate, workspace);
        const auto after = network.evaluate(parameters, batch, workspace);
        CHECK(after.loss < before / 4);
        CHECK(after.accuracy == 1.0);
    }
}

TEST_CASE("divergence is a result") {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    constexpr float infinity = std::numeric_limits<float>::infinity();
    for (const auto& kind : test::all_kinds()) {
        test::Problem problem(kind, 5);
        model::Workspace workspace(problem.network, 5);
        base::FloatBuffer gradient(problem.network.parameter_count());
        for (std::size_t i = 0; i < problem.parameters.size(); ++i) {
            INFO(test::describe(kind) << ", parameter " << i << " is not a number");
            const float before = std::exchange(problem.parameters.data()[i], nan);
            CHECK(std::isnan(
                problem.network.gradient(problem.parameters, problem.batch(), gradient, workspace)));
            CHECK(std::isnan(problem.network.evaluate(problem.parameters, problem.batch(), workspace).loss));
            problem.parameters.data()[i] = before;
        }
        for (const float huge : {infinity, -infinity, 1e30F, -1e30F}) {
            for (float& value : problem.parameters.span()) value = huge;
            problem.network.step(problem.parameters, problem.batch(), 1.0F, workspace);  // no trap, no crash
        }
    }
    SECTION("softmax of infinite weighted inputs is not a number, of huge finite ones it is") {
        test::Problem problem({4, {}, 3}, 5);
        model::Workspace workspace(problem.network, 5);
        for (float& value : problem.parameters.span()) value = infinity;
        CHECK(std::isnan(problem.network.evaluate(problem.parameters, problem.batch(), workspace).loss));
        for (float& value : problem.parameters.span()) value = 1e30F;
        CHECK(problem.network.evaluate(problem.parameters, problem.batch(), workspace).loss ==
              Approx(std::log(3.0)).epsilon(1e-6));
    }
}
