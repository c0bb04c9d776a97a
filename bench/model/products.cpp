#include "products.hpp"

#include <array>

#include "base/random.hpp"

namespace lockstep::bench {
namespace {

base::FloatBuffer random_values(std::size_t count, std::uint32_t index) {
    base::FloatBuffer buffer(count);
    base::RandomStream random(1, base::Purpose::test, index);
    for (float& value : buffer.span()) value = static_cast<float>(random.uniform(-1, 1));
    return buffer;
}

}  // namespace

Products::Products(const model::Architecture& architecture, std::size_t batch)
    : images_(random_values(batch * architecture.inputs, 0)) {
    auto widths = architecture.hidden;
    widths.push_back(architecture.outputs);
    std::size_t inputs = architecture.inputs;
    for (const std::size_t width : widths) {
        const auto index = static_cast<std::uint32_t>(2 * layers_.size());
        layers_.push_back({{batch, inputs, width},
                           random_values(inputs * width, index + 1),
                           base::FloatBuffer(inputs * width),
                           base::FloatBuffer(batch * width),
                           random_values(batch * width, index + 2)});
        inputs = width;
    }
}

void Products::by_eigen() {
    for (std::size_t l = 0; l < layers_.size(); ++l)
        model::forward_product(layers_[l].shape, inputs(l), layers_[l].weights.data(),
                               layers_[l].outputs.data());
    for (std::size_t l = layers_.size(); l-- > 0;) {
        Layer& layer = layers_[l];
        model::weight_product(layer.shape, layer.errors.data(), inputs(l), layer.gradient.data());
        if (l > 0) model::backward_product(layer.shape, layer.errors.data(), layer.weights.data(), back(l));
    }
}

void Products::by_blas(const Blas& blas) {
    constexpr int row_major = 101;
    constexpr int plain = 111;
    constexpr int transposed = 112;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        Layer& layer = layers_[l];
        const auto [batch, in, out] =
            std::array{static_cast<int>(layer.shape.batch), static_cast<int>(layer.shape.inputs),
                       static_cast<int>(layer.shape.outputs)};
        blas.sgemm(row_major, plain, transposed, batch, out, in, 1, inputs(l), in, layer.weights.data(), in,
                   0, layer.outputs.data(), out);
    }
    for (std::size_t l = layers_.size(); l-- > 0;) {
        Layer& layer = layers_[l];
        const auto [batch, in, out] =
            std::array{static_cast<int>(layer.shape.batch), static_cast<int>(layer.shape.inputs),
                       static_cast<int>(layer.shape.outputs)};
        blas.sgemm(row_major, transposed, plain, out, in, batch, 1, layer.errors.data(), out, inputs(l), in,
                   0, layer.gradient.data(), in);
        if (l > 0)
            blas.sgemm(row_major, plain, plain, batch, in, out, 1, layer.errors.data(), out,
                       layer.weights.data(), in, 0, back(l), in);
    }
}

double Products::flops() const {
    double flops = 0;
    for (const Layer& layer : layers_) {
        const auto& [batch, inputs, outputs] = layer.shape;
        flops += (&layer == &layers_.front() ? 4.0 : 6.0) * static_cast<double>(batch * inputs * outputs);
    }
    return flops;
}

}  // namespace lockstep::bench
