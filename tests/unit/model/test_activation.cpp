#include <algorithm>
#include <cmath>

#include "base/float_buffer.hpp"
#include "model/activation.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

namespace {

/// -80, -79.99 .. 80.
base::FloatBuffer arguments() {
    base::FloatBuffer values(model::whole_vectors(16001));
    for (std::size_t i = 0; i < 16001; ++i) values.data()[i] = (static_cast<float>(i) - 8000.0F) / 100.0F;
    return values;
}

template <typename Function>
double largest_relative_error(const base::FloatBuffer& computed, Function exact) {
    const auto x = arguments();
    double largest = 0;
    for (std::size_t i = 0; i < 16001; ++i) {
        const double expected = exact(static_cast<double>(x.data()[i]));
        const double error = std::abs(static_cast<double>(computed.data()[i]) - expected);
        largest = std::max(largest, expected == 0 ? error : error / std::abs(expected));
    }
    return largest;
}

}  // namespace

TEST_CASE("activations are exact to a few roundings over their whole range") {
    auto values = arguments();
    model::activate(model::Activation::sigmoid, values.data(), 16001);
    CHECK(largest_relative_error(values, [](double x) { return 1 / (1 + std::exp(-x)); }) < 4e-7);
    values = arguments();
    model::activate(model::Activation::tanh, values.data(), 16001);
    CHECK(largest_relative_error(values, [](double x) { return std::tanh(x); }) < 4e-7);
    values = arguments();
    model::activate(model::Activation::relu, values.data(), 16001);
    CHECK(largest_relative_error(values, [](double x) { return std::max(x, 0.0); }) == 0);
    values = arguments();
    model::exponentiate(values.data(), 16001);
    CHECK(largest_relative_error(values, [](double x) { return std::exp(x); }) < 4e-7);
}

TEST_CASE("an element's bits do not depend on its place") {
    for (const auto activation :
         {model::Activation::sigmoid, model::Activation::tanh, model::Activation::relu}) {
        const auto x = arguments();
        auto all = arguments();
        model::activate(activation, all.data(), 16001);
        bool equal = true;
        for (std::size_t i = 0; i < 16001; i += 7)
            for (std::size_t place = 0; place < 5; ++place) {
                base::FloatBuffer one(model::whole_vectors(place + 1));
                one.data()[place] = x.data()[i];
                model::activate(activation, one.data(), place + 1);
                equal = equal && one.data()[place] == all.data()[i];
            }
        CHECK(equal);
    }
}
