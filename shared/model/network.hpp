#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/block.hpp"
#include "base/float_buffer.hpp"
#include "model/architecture.hpp"
#include "model/batch.hpp"

namespace lockstep::model {

class Workspace;

struct Evaluation {
    double loss = 0;  ///< mean over samples
    double accuracy =
        0;  ///< share of samples whose largest output is the label's; the first of equals is the largest
};

/// A fully connected network: shape and arithmetic. It holds no parameters; every worker brings its own flat
/// vector, and one network serves all workers, also at once from several threads.
///
/// Parameters, and gradients alike, are one flat vector: layer after layer, per layer the weights (outputs x
/// inputs, row-major) and then the biases. For inputs 2, hidden {3}, outputs 2 the 17 parameters are
///
///     0..5 weights 3 x 2 | 6..8 biases | 9..14 weights 2 x 3 | 15..16 biases
///
/// Results are reproducible to the last bit: they depend on the values given, not on addresses or earlier
/// calls. What is said to allocate nothing leaves out what the library of products takes for a moment
/// (model/products.hpp). Parameters that are infinite or not a number lead to a loss that is: divergence is a
/// result, not an error.
class Network {
  public:
    explicit Network(Architecture architecture);

    const Architecture& architecture() const { return architecture_; }

    std::size_t parameter_count() const { return parameter_count_; }
    /// The weights (outputs x inputs) and the biases of each layer, from the inputs on.
    const std::vector<base::Block>& blocks() const { return blocks_; }

    /// Floating-point operations of one step() on `batch_size` samples, counted so (b samples; per layer `in`
    /// inputs and `out` outputs; n parameters; exponentials, divisions and the like count as one):
    ///
    ///     forward   per layer            2 b in out     products (a multiplication and an addition each)
    ///                                    b out          biases
    ///                                    b out          activations, softmax
    ///     loss      last layer           b out          output minus target
    ///     backward  per layer            2 b in out     gradient of the weights
    ///                                    b out          gradient of the biases
    ///               but the first        2 b in out     error handed to the layer below
    ///                                    b in           times that layer's derivative
    ///     update                         2 n
    ///
    /// 2 - {3} - 2 with b = 4: forward 96 + 20 + 20, loss 8, backward 96 + 20 + 48 + 12, update 34: 354.
    /// 784 - {64} - 10 with b = 100: 20 585 780, of which products 20 454 400.
    double step_flops(std::size_t batch_size) const;

    /// The lines `backward` of one layer; with evaluation_flops() and the update they add up to step_flops().
    double layer_gradient_flops(std::size_t layer, std::size_t batch_size) const;

    /// Floating-point operations of evaluating `samples` samples: forward and loss of the table above. 2 -
    /// {3} - 2 with 4 samples: 96 + 20 + 20 + 8 = 144.
    double evaluation_flops(std::size_t samples) const;

    /// Seeded initial parameters. Biases are 0. Weights are uniform on [-r, r] with r = sqrt(6 / (in + out))
    /// (Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    /// AISTATS 2010, eq. 16), but r = sqrt(6 / in) for the inputs of rectified linear units (He et al.,
    /// "Delving deep into rectifiers", ICCV 2015, eq. 10). Layer l draws from its own stream, so its weights
    /// do not depend on the other layers' sizes.
    void initialise(std::span<float> parameters, std::uint64_t seed) const;

    /// The batch's mean loss; `gradient` becomes that loss's gradient, laid out like the parameters. The
    /// batch is at most the workspace's capacity. Allocates nothing.
    double gradient(std::span<const float> parameters, const Batch& batch, std::span<float> gradient,
                    Workspace& workspace) const;

    /// gradient() in parts: first the forward pass, which returns the batch's mean loss, then the layers from
    /// the last (number layer_count() - 1) to the first, each of which completes its own part of `gradient`,
    /// from first_value(layer) to the next layer's. The same bits as in one go. Allocates nothing.
    double start_gradient(std::span<const float> parameters, const Batch& batch, Workspace& workspace) const;
    void layer_gradient(std::size_t layer, std::span<const float> parameters, const Batch& batch,
                        std::span<float> gradient, Workspace& workspace) const;
    std::size_t layer_count() const { return layers_.size(); }
    std::size_t first_value(std::size_t layer) const { return layers_[layer].weights; }

    /// One step of gradient descent, parameters -= rate * gradient; returns the loss before it. The same bits
    /// as gradient() and base::descend(). Allocates nothing.
    double step(std::span<float> parameters, const Batch& batch, float rate, Workspace& workspace) const;

    /// Mean loss and accuracy over a batch of any size, in pieces of the workspace's capacity. Sums are in
    /// double: the capacity changes the loss by their rounding at most, and nothing else. A sample with an
    /// output that is not a number counts as wrong. Allocates nothing.
    Evaluation evaluate(std::span<const float> parameters, const Batch& batch, Workspace& workspace) const;

  private:
    /// A layer's place in the flat vector.
    struct Layer {
        std::size_t inputs;
        std::size_t outputs;
        std::size_t weights;
        std::size_t biases;
    };

    /// Fills the workspace with the hidden layers' activations and the last layer's weighted inputs.
    void forward(std::span<const float> parameters, const Batch& batch, Workspace& workspace) const;

    /// step() on a batch of one sample, whose gradient is an outer product: it is subtracted without having
    /// been written down, in a third of the time that passes over memory take otherwise.
    double step_on_one(std::span<float> parameters, const Batch& sample, float rate,
                       Workspace& workspace) const;

    double forward_flops(std::size_t samples) const;

    Architecture architecture_;
    std::vector<Layer> layers_;
    std::vector<base::Block> blocks_;
    std::size_t parameter_count_ = 0;
};

/// One worker's scratch memory for a network and batches up to a capacity. Never shared between threads.
/// Holds nothing from one call to the next.
///
/// Size: capacity * (sum of the layers' outputs + the widest hidden layer) + parameter_count float32.
class Workspace {
  public:
    Workspace(const Network& network, std::size_t capacity);

    /// The largest batch for gradient() and step(); evaluate() takes larger ones in pieces. At least 1.
    std::size_t capacity() const { return capacity_; }

  private:
    friend class Network;

    std::size_t capacity_;
    std::vector<base::FloatBuffer> layers_;  ///< batch x outputs: activations, then, going backward, errors
    base::FloatBuffer back_;  ///< batch x outputs of a hidden layer: its error before the derivative
    base::FloatBuffer gradient_;
};

}  // namespace lockstep::model
