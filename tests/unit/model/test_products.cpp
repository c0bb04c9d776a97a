#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "model/products.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

namespace {

/// A vector that begins `offset` floats behind wherever the heap has put it.
struct Values {
    Values(std::size_t count, std::size_t offset, std::uint32_t index)
        : storage(count + offset), begin(offset) {
        base::RandomStream random(1, base::Purpose::test, index);
        for (float& value : storage) value = static_cast<float>(random.uniform(-1, 1));
    }
    const float* data() const { return storage.data() + begin; }
    float* data() { return storage.data() + begin; }
    std::vector<float> storage;
    std::size_t begin;
};

using Reference = std::vector<double>;

/// Entries are sums of at most 784 products of numbers below 1.
bool close(const Reference& expected, const Values& computed) {
    bool all = true;
    for (std::size_t i = 0; i < expected.size(); ++i)
        all = all && std::abs(expected[i] - static_cast<double>(computed.data()[i])) < 1e-4;
    return all;
}

/// Sizes around every edge: tiles, vectors of 4, 8 and 16, blocks of the summation index.
const std::vector<model::ProductShape> shapes = {{1, 1, 1},      {1, 784, 10},  {3, 5, 2},    {4, 16, 4},
                                                 {5, 17, 9},     {7, 15, 3},    {8, 31, 8},   {9, 33, 11},
                                                 {13, 48, 6},    {16, 64, 16},  {10, 65, 30}, {129, 100, 7},
                                                 {300, 49, 131}, {100, 30, 10}, {6, 112, 12}, {2, 79, 257}};

}  // namespace

TEST_CASE("the products are what their definition says, wherever the matrices begin") {
    for (const auto& shape : shapes) {
        const auto [batch, in, out] = shape;
        INFO("batch " << batch << " inputs " << in << " outputs " << out);
        for (const std::size_t offset : {0U, 1U, 6U}) {
            const Values inputs(batch * in, offset, 1);
            const Values weights(out * in, offset, 2);
            const Values errors(batch * out, offset, 3);
            Reference forward(batch * out);
            Reference weight(out * in);
            Reference backward(batch * in);
            for (std::size_t s = 0; s < batch; ++s)
                for (std::size_t o = 0; o < out; ++o)
                    for (std::size_t i = 0; i < in; ++i) {
                        const double x = inputs.data()[s * in + i];
                        const double w = weights.data()[o * in + i];
                        const double e = errors.data()[s * out + o];
                        forward[s * out + o] += x * w;
                        weight[o * in + i] += e * x;
                        backward[s * in + i] += e * w;
                    }
            Values outputs(batch * out, offset, 4);
            model::forward_product(shape, inputs.data(), weights.data(), outputs.data());
            CHECK(close(forward, outputs));
            Values gradient(out * in, offset, 5);
            model::weight_product(shape, errors.data(), inputs.data(), gradient.data());
            CHECK(close(weight, gradient));
            Values back(batch * in, offset, 6);
            model::backward_product(shape, errors.data(), weights.data(), back.data());
            CHECK(close(backward, back));
        }
    }
}

TEST_CASE("the products write nothing outside their result") {
    for (const auto& shape : shapes) {
        const auto [batch, in, out] = shape;
        const Values inputs(batch * in, 0, 1);
        const Values weights(out * in, 0, 2);
        const Values errors(batch * out, 0, 3);
        const auto guarded = [](std::size_t count) {
            Values values(count + 32, 32, 4);
            for (std::size_t i = 0; i < 32; ++i) values.storage[i] = values.data()[count + i] = 42.0F;
            return values;
        };
        const auto intact = [](const Values& values) {
            bool all = true;
            const std::size_t end = values.storage.size() - 32;
            for (std::size_t i = 0; i < 32; ++i)
                all = all && values.storage[i] == 42.0F && values.storage[end + i] == 42.0F;
            return all;
        };
        INFO("batch " << batch << " inputs " << in << " outputs " << out);
        Values outputs = guarded(batch * out);
        model::forward_product(shape, inputs.data(), weights.data(), outputs.data());
        CHECK(intact(outputs));
        Values gradient = guarded(out * in);
        model::weight_product(shape, errors.data(), inputs.data(), gradient.data());
        CHECK(intact(gradient));
        Values back = guarded(batch * in);
        model::backward_product(shape, errors.data(), weights.data(), back.data());
        CHECK(intact(back));
    }
}
