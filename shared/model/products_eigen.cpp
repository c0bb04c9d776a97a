#include <cstddef>

#include <Eigen/Core>
#include <fmt/format.h>

#include "model/products.hpp"

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

/// Fixes the cache sizes for which products are cut into blocks, and with them the order of sums, so that the
/// bits of a result do not depend on the processor's caches.
void pin_blocking() {
    static const bool pinned = [] {
        constexpr std::ptrdiff_t kib = 1024;
        Eigen::setCpuCacheSizes(32 * kib, 512 * kib, 8192 * kib);
        return true;
    }();
    static_cast<void>(pinned);
}

}  // namespace

void prepare_products() {
    pin_blocking();
}

std::string products_library() {
    return fmt::format("Eigen {}.{}.{} ({})", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION,
                       Eigen::SimdInstructionSetsInUse());
}

void forward_product(const ProductShape& shape, const float* inputs, const float* weights, float* outputs) {
    pin_blocking();
    matrix(outputs, shape.batch, shape.outputs).noalias() =
        matrix(inputs, shape.batch, shape.inputs) * matrix(weights, shape.outputs, shape.inputs).transpose();
}

void weight_product(const ProductShape& shape, const float* errors, const float* inputs, float* gradient) {
    pin_blocking();
    matrix(gradient, shape.outputs, shape.inputs).noalias() =
        matrix(errors, shape.batch, shape.outputs).transpose() * matrix(inputs, shape.batch, shape.inputs);
}

void backward_product(const ProductShape& shape, const float* errors, const float* weights, float* back) {
    pin_blocking();
    matrix(back, shape.batch, shape.inputs).noalias() =
        matrix(errors, shape.batch, shape.outputs) * matrix(weights, shape.outputs, shape.inputs);
}

}  // namespace lockstep::model
