#pragma once

#include <cstddef>
#include <string>

namespace lockstep::model {

/// The three matrix products of a fully connected layer, by oneDNN, or by Eigen where the build found no
/// oneDNN (docs/adr/0001-matrix-products.md).
///
/// Every matrix is dense, row-major float32: inputs and `back` are batch x inputs, outputs and `errors` batch
/// x outputs, weights and their `gradient` outputs x inputs. Results must not overlap factors.
///
/// A product runs on the calling thread. Its bits depend on the values, on the library and on the kernels
/// that it chooses for this machine (products_library()), not on addresses or earlier calls.
///
/// Cost: 2 batch inputs outputs flops each; oneDNN takes some 70 kB of memory from the system and gives it
/// back.
struct ProductShape {
    std::size_t batch = 0;
    std::size_t inputs = 0;
    std::size_t outputs = 0;
};

/// Has the library do once what it otherwise does in the first products: oneDNN writes its kernels, which
/// takes some 30 ms. Processes that are forked afterwards have them.
void prepare_products();

/// Library, version and kernels: "oneDNN 2.6.3 (AVX-512)".
std::string products_library();

/// outputs = inputs * weights^T: the layer's forward pass before its biases.
void forward_product(const ProductShape& shape, const float* inputs, const float* weights, float* outputs);

/// gradient = errors^T * inputs: the gradient of the layer's weights.
void weight_product(const ProductShape& shape, const float* errors, const float* inputs, float* gradient);

/// back = errors * weights: the error handed to the layer below, before that layer's derivative.
void backward_product(const ProductShape& shape, const float* errors, const float* weights, float* back);

}  // namespace lockstep::model
