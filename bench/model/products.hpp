#pragma once

#include <cstddef>
#include <vector>

#include "base/float_buffer.hpp"
#include "blas.hpp"
#include "model/architecture.hpp"
#include "model/products.hpp"

namespace lockstep::bench {

/// The matrix products of one training step and nothing else: forward and weight for every layer, backward
/// for all but the first. Each function runs them once, in a step's order.
class Products {
  public:
    Products(const model::Architecture& architecture, std::size_t batch);

    void by_model();  ///< as training does it
    void by_eigen();
    void by_blas(const Blas& blas);

    double flops() const;

  private:
    struct Layer {
        model::ProductShape shape;
        base::FloatBuffer weights;
        base::FloatBuffer gradient;
        base::FloatBuffer outputs;
        base::FloatBuffer errors;
    };

    template <typename Forward, typename Weight, typename Backward>
    void multiply(Forward forward, Weight weight, Backward backward);

    float* inputs(std::size_t layer) {
        return layer == 0 ? images_.data() : layers_[layer - 1].outputs.data();
    }
    float* back(std::size_t layer) { return layers_[layer - 1].errors.data(); }

    base::FloatBuffer images_;
    std::vector<Layer> layers_;
};

}  // namespace lockstep::bench
