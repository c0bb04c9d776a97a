#pragma once

#include <cstddef>

namespace lockstep::model {

/// The three matrix products of a fully connected layer, by Eigen (docs/adr/0001-matrix-products.md).
///
/// Every matrix is dense, row-major float32: inputs and `back` are batch x inputs, outputs and `errors` batch
/// x outputs, weights and their `gradient` outputs x inputs. Results must not overlap factors.
///
/// Cost: 2 batch inputs outputs flops each.
struct ProductShape {
    std::size_t batch = 0;
    std::size_t inputs = 0;
    std::size_t outputs = 0;
};

/// Fixes the cache sizes for which products are cut into blocks, and with them the order of sums, so that the
/// bits of a result do not depend on the processor's caches. Once in a process, before the first product.
void pin_product_blocking();

/// outputs = inputs * weights^T: the layer's forward pass before its biases.
void forward_product(const ProductShape& shape, const float* inputs, const float* weights, float* outputs);

/// gradient = errors^T * inputs: the gradient of the layer's weights.
void weight_product(const ProductShape& shape, const float* errors, const float* inputs, float* gradient);

/// back = errors * weights: the error handed to the layer below, before that layer's derivative.
void backward_product(const ProductShape& shape, const float* errors, const float* weights, float* back);

}  // namespace lockstep::model
