#pragma once

#include <cstddef>
#include <vector>

namespace lockstep::model {

/// Of the hidden layers. The output layer's is fixed by the loss.
enum class Activation { sigmoid, tanh, relu };

/// `cross_entropy`: the outputs are softmax probabilities p, a sample's loss is -log p[label].
/// `squared_error`: the outputs are sigmoid units a, a sample's loss is 1/2 |a - y|^2 with y the label as a
/// unit vector (the quadratic cost of Nielsen, "Neural Networks and Deep Learning", chapter 1).
enum class Loss { cross_entropy, squared_error };

/// A fully connected network's shape. `hidden` empty is softmax regression; {128, 64} has two hidden layers.
/// Every size is at least 1.
struct Architecture {
    std::size_t inputs = 0;
    std::vector<std::size_t> hidden;
    std::size_t outputs = 0;
    Activation activation = Activation::sigmoid;
    Loss loss = Loss::cross_entropy;
};

}  // namespace lockstep::model
