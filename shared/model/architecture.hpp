#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/one_of.hpp"

namespace lockstep::model {

/// Of the hidden layers. The output layer's is fixed by the loss.
enum class Activation { sigmoid, tanh, relu };
inline constexpr base::Named<Activation> activation_names[]{
    {Activation::sigmoid, "sigmoid"}, {Activation::tanh, "tanh"}, {Activation::relu, "relu"}};
constexpr std::span<const base::Named<Activation>> names_of(Activation /*any*/) {
    return activation_names;
}

/// `cross_entropy`: the outputs are softmax probabilities p, a sample's loss is -log p[label].
/// `squared_error`: the outputs are sigmoid units a, a sample's loss is 1/2 |a - y|^2 with y the label as a
/// unit vector (the quadratic cost of Nielsen, "Neural Networks and Deep Learning", chapter 1).
enum class Loss { cross_entropy, squared_error };
inline constexpr base::Named<Loss> loss_names[]{{Loss::cross_entropy, "cross-entropy"},
                                                {Loss::squared_error, "squared-error"}};
constexpr std::span<const base::Named<Loss>> names_of(Loss /*any*/) {
    return loss_names;
}

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
