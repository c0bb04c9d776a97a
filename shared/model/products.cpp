#include "model/products.hpp"

#include <cstddef>

#include <Eigen/Core>

namespace lockstep::model {
namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

auto matrix(float* values, std::size_t rows, std::size_t columns) {
    return Eigen::Map<RowMajor>(values, static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
}
auto matrix(const float* values, std::size_t rows, std::size_t columns) {
    return Eigen::Map<const RowMajor>(values, static_cast<Eigen::Index>(rows),
                                      static_cast<Eigen::Index>(columns));
}

}  // namespace

void pin_product_blocking() {
    static const bool pinned = [] {
        constexpr std::ptrdiff_t kib = 1024;
        Eigen::setCpuCacheSizes(32 * kib, 512 * kib, 8192 * kib);
        return true;
    }();
    static_cast<void>(pinned);
}

void forward_product(const ProductShape& shape, const float* inputs, const float* weights, float* outputs) {
    matrix(outputs, shape.batch, shape.outputs).noalias() =
        matrix(inputs, shape.batch, shape.inputs) * matrix(weights, shape.outputs, shape.inputs).transpose();
}

void weight_product(const ProductShape& shape, const float* errors, const float* inputs, float* gradient) {
    matrix(gradient, shape.outputs, shape.inputs).noalias() =
        matrix(errors, shape.batch, shape.outputs).transpose() * matrix(inputs, shape.batch, shape.inputs);
}

void backward_product(const ProductShape& shape, const float* errors, const float* weights, float* back) {
    matrix(back, shape.batch, shape.inputs).noalias() =
        matrix(errors, shape.batch, shape.outputs) * matrix(weights, shape.outputs, shape.inputs);
}

}  // namespace lockstep::model
