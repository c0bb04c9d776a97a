#include <algorithm>
#include <cmath>

#include "problem.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

namespace {

base::FloatBuffer initial(const model::Architecture& architecture, std::uint64_t seed) {
    const model::Network network(architecture);
    base::FloatBuffer parameters(network.parameter_count());
    std::ranges::fill(parameters.span(), 99.0F);
    network.initialise(parameters, seed);
    return parameters;
}

/// Uniform on [-range, range]: within it, close to its ends, mean 0, variance range^2 / 3.
void check_uniform(std::span<const float> weights, double range) {
    double sum = 0;
    double squares = 0;
    for (const float weight : weights) {
        sum += static_cast<double>(weight);
        squares += static_cast<double>(weight) * static_cast<double>(weight);
    }
    const auto count = static_cast<double>(weights.size());
    const auto [least, most] = std::ranges::minmax(weights);
    CHECK(static_cast<double>(least) >= -range);
    CHECK(static_cast<double>(most) <= range * (1 + 1e-7));
    CHECK(static_cast<double>(least) < -0.99 * range);
    CHECK(static_cast<double>(most) > 0.99 * range);
    CHECK(sum / count == Approx(0).margin(4 * range / std::sqrt(3 * count)));
    CHECK(squares / count == Approx(range * range / 3).epsilon(0.05));
}

bool all_zero(std::span<const float> values) {
    return std::ranges::all_of(values, [](float value) { return value == 0.0F; });
}

}  // namespace

TEST_CASE("weights begin uniform between the bounds of Glorot and Bengio, biases at zero") {
    const auto parameters = initial({784, {30}, 10, model::Activation::tanh}, 1);
    const std::span<const float> all = parameters;
    check_uniform(all.subspan(0, 23520), std::sqrt(6.0 / 814));
    CHECK(all_zero(all.subspan(23520, 30)));
    check_uniform(all.subspan(23550, 300), std::sqrt(6.0 / 40));
    CHECK(all_zero(all.subspan(23850, 10)));
}

TEST_CASE("rectified units begin between the bounds of He, their output layer does not") {
    const auto parameters = initial({784, {30}, 10, model::Activation::relu}, 1);
    check_uniform(parameters.span().subspan(0, 23520), std::sqrt(6.0 / 784));
    check_uniform(parameters.span().subspan(23550, 300), std::sqrt(6.0 / 40));
    const auto regression = initial({784, {}, 10, model::Activation::relu}, 1);
    check_uniform(regression.span().subspan(0, 7840), std::sqrt(6.0 / 794));
}

TEST_CASE("the seed alone decides") {
    const auto a = initial({20, {8}, 4}, 5);
    const auto b = initial({20, {8}, 4}, 5);
    const auto c = initial({20, {8}, 4}, 6);
    CHECK(std::ranges::equal(a.span(), b.span()));
    CHECK_FALSE(std::ranges::equal(a.span().first(160), c.span().first(160)));
    CHECK_FALSE(std::ranges::equal(a.span().subspan(168, 32), c.span().subspan(168, 32)));
}

TEST_CASE("every layer draws from its own stream") {
    const auto narrow = initial({20, {8}, 4}, 5);
    const auto wide = initial({33, {8}, 4}, 5);
    CHECK(std::ranges::equal(narrow.span().subspan(168, 32), wide.span().subspan(272, 32)));
    const auto square = initial({6, {6}, 6}, 5);  // both layers have the same bounds
    CHECK_FALSE(std::ranges::equal(square.span().subspan(0, 36), square.span().subspan(42, 36)));
}
