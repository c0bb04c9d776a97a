#include "products.hpp"

#include <array>

#include <Eigen/Core>

#include "base/random.hpp"

namespace lockstep::bench {
namespace {

base::FloatBuffer random_values(std::size_t count, std::uint32_t index) {
    base::FloatBuffer buffer(count);
    base::RandomStream random(1, base::Purpose::test, index);
    for (float& value : buffer.span()) value = static_cast<float>(random.uniform(-1, 1));
    return buffer;
}

auto matrix(float* values, std::size_t rows, std::size_t columns) {
    using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    return Eigen::Map<RowMajor>(values, static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
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

template <typename Forward, typename Weight, typename Backward>
void Products::multiply(Forward forward, Weight weight, Backward backward) {
    for (std::size_t l = 0; l < layers_.size(); ++l)
        forward(layers_[l].shape, inputs(l), layers_[l].weights.data(), layers_[l].outputs.data());
    for (std::size_t l = layers_.size(); l-- > 0;) {
        Layer& layer = layers_[l];
        weight(layer.shape, layer.errors.data(), inputs(l), layer.gradient.data());
        if (l > 0) backward(layer.shape, layer.errors.data(), layer.weights.data(), back(l));
    }
}

void Products::by_model() {
    multiply(model::forward_product, model::weight_product, model::backward_product);
}

void Products::by_eigen() {
    using Shape = model::ProductShape;
    multiply(
        [](const Shape& shape, float* inputs, float* weights, float* outputs) {
            matrix(outputs, shape.batch, shape.outputs).noalias() =
                matrix(inputs, shape.batch, shape.inputs) *
                matrix(weights, shape.outputs, shape.inputs).transpose();
        },
        [](const Shape& shape, float* errors, float* inputs, float* gradient) {
            matrix(gradient, shape.outputs, shape.inputs).noalias() =
                matrix(errors, shape.batch, shape.outputs).transpose() *
                matrix(inputs, shape.batch, shape.inputs);
        },
        [](const Shape& shape, float* errors, float* weights, float* back) {
            matrix(back, shape.batch, shape.inputs).noalias() =
                matrix(errors, shape.batch, shape.outputs) * matrix(weights, shape.outputs, shape.inputs);
        });
}

void Products::by_blas(const Blas& blas) {
    constexpr int row_major = 101;
    constexpr int plain = 111;
    constexpr int transposed = 112;
    const auto sizes = [](const model::ProductShape& shape) {
        return std::array{static_cast<int>(shape.batch), static_cast<int>(shape.inputs),
                          static_cast<int>(shape.outputs)};
    };
    multiply(
        [&](const model::ProductShape& shape, float* inputs, float* weights, float* outputs) {
            const auto [batch, in, out] = sizes(shape);
            blas.sgemm(row_major, plain, transposed, batch, out, in, 1, inputs, in, weights, in, 0, outputs,
                       out);
        },
        [&](const model::ProductShape& shape, float* errors, float* inputs, float* gradient) {
            const auto [batch, in, out] = sizes(shape);
            blas.sgemm(row_major, transposed, plain, out, in, batch, 1, errors, out, inputs, in, 0, gradient,
                       in);
        },
        [&](const model::ProductShape& shape, float* errors, float* weights, float* back) {
            const auto [batch, in, out] = sizes(shape);
            blas.sgemm(row_major, plain, plain, batch, in, out, 1, errors, out, weights, in, 0, back, in);
        });
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
