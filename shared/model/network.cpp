#include "model/network.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/vector_math.hpp"
#include "base/vectorised.hpp"
#include "model/activation.hpp"
#include "model/output_layer.hpp"
#include "model/products.hpp"

namespace lockstep::model {
namespace {

LOCKSTEP_VECTORISED void add_biases(std::size_t samples, std::span<const float> biases, float* values) {
    for (std::size_t i = 0; i < samples; ++i)
        for (std::size_t j = 0; j < biases.size(); ++j) values[i * biases.size() + j] += biases[j];
}

LOCKSTEP_VECTORISED void sum_rows(std::size_t rows, const float* values, std::span<float> sums) {
    std::fill(sums.begin(), sums.end(), 0.0F);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += values[i * sums.size() + j];
}

}  // namespace

Network::Network(Architecture architecture) : architecture_(std::move(architecture)) {
    const auto add_layer = [this](std::size_t inputs, std::size_t outputs) {
        assert(inputs >= 1 && outputs >= 1);
        const std::size_t biases = parameter_count_ + outputs * inputs;
        layers_.push_back({inputs, outputs, parameter_count_, biases});
        blocks_.push_back({parameter_count_, outputs, inputs});
        blocks_.push_back({biases, 1, outputs});
        parameter_count_ = biases + outputs;
    };
    std::size_t inputs = architecture_.inputs;
    for (const std::size_t width : architecture_.hidden) {
        add_layer(inputs, width);
        inputs = width;
    }
    add_layer(inputs, architecture_.outputs);
}

Workspace::Workspace(const Network& network, std::size_t capacity)
    : capacity_(capacity), gradient_(network.parameter_count()) {
    assert(capacity >= 1);
    std::size_t widest = 0;
    for (const std::size_t width : network.architecture().hidden) {
        layers_.emplace_back(whole_vectors(capacity * width));
        widest = std::max(widest, width);
    }
    layers_.emplace_back(whole_vectors(capacity * network.architecture().outputs));
    back_ = base::FloatBuffer(whole_vectors(capacity * widest));
}

void Network::forward(std::span<const float> parameters, const Batch& batch, Workspace& workspace) const {
    assert(parameters.size() == parameter_count_);
    assert(batch.images.size() == batch.size() * architecture_.inputs);
    assert(batch.size() >= 1 && batch.size() <= workspace.capacity());
    const float* below = batch.images.data();
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        const Layer& layer = layers_[l];
        float* const values = workspace.layers_[l].data();
        forward_product({batch.size(), layer.inputs, layer.outputs}, below, parameters.data() + layer.weights,
                        values);
        add_biases(batch.size(), parameters.subspan(layer.biases, layer.outputs), values);
        if (l + 1 < layers_.size()) activate(architecture_.activation, values, batch.size() * layer.outputs);
        below = values;
    }
}

double Network::gradient(std::span<const float> parameters, const Batch& batch, std::span<float> gradient,
                         Workspace& workspace) const {
    const double loss = start_gradient(parameters, batch, workspace);
    for (std::size_t l = layers_.size(); l-- > 0;) layer_gradient(l, parameters, batch, gradient, workspace);
    return loss;
}

double Network::start_gradient(std::span<const float> parameters, const Batch& batch,
                               Workspace& workspace) const {
    forward(parameters, batch, workspace);
    const Outputs outputs{workspace.layers_.back().data(), architecture_.outputs, batch.labels};
    const double loss = apply_loss(architecture_.loss, outputs);
    apply_loss_gradient(architecture_.loss, outputs);
    return loss / static_cast<double>(batch.size());
}

void Network::layer_gradient(std::size_t l, std::span<const float> parameters, const Batch& batch,
                             std::span<float> gradient, Workspace& workspace) const {
    assert(gradient.size() == parameter_count_);
    const Layer& layer = layers_[l];
    const ProductShape shape{batch.size(), layer.inputs, layer.outputs};
    const float* const errors = workspace.layers_[l].data();
    const float* const below = l == 0 ? batch.images.data() : workspace.layers_[l - 1].data();
    weight_product(shape, errors, below, gradient.data() + layer.weights);
    sum_rows(batch.size(), errors, gradient.subspan(layer.biases, layer.outputs));
    if (l == 0) return;
    backward_product(shape, errors, parameters.data() + layer.weights, workspace.back_.data());
    differentiate(architecture_.activation, workspace.layers_[l - 1].data(), workspace.back_.data(),
                  batch.size() * layer.inputs);
}

double Network::step(std::span<float> parameters, const Batch& batch, float rate,
                     Workspace& workspace) const {
    if (batch.size() == 1) return step_on_one(parameters, batch, rate, workspace);
    const double loss = gradient(parameters, batch, workspace.gradient_, workspace);
    base::descend(parameters, workspace.gradient_, rate);
    return loss;
}

double Network::step_on_one(std::span<float> parameters, const Batch& sample, float rate,
                            Workspace& workspace) const {
    const double loss = start_gradient(parameters, sample, workspace);
    for (std::size_t l = layers_.size(); l-- > 0;) {
        const Layer& layer = layers_[l];
        const std::span<const float> errors = workspace.layers_[l].span().first(layer.outputs);
        const std::span<const float> below =
            l == 0 ? sample.images : workspace.layers_[l - 1].span().first(layer.inputs);
        const std::span<float> weights = parameters.subspan(layer.weights, layer.outputs * layer.inputs);
        if (l > 0)
            backward_product({1, layer.inputs, layer.outputs}, errors.data(), weights.data(),
                             workspace.back_.data());
        base::descend_outer(weights, errors, below, rate);
        base::descend(parameters.subspan(layer.biases, layer.outputs), errors, rate);
        if (l > 0)
            differentiate(architecture_.activation, workspace.layers_[l - 1].data(), workspace.back_.data(),
                          layer.inputs);
    }
    return loss;
}

Evaluation Network::evaluate(std::span<const float> parameters, const Batch& batch,
                             Workspace& workspace) const {
    double loss = 0;
    std::size_t correct = 0;
    for (std::size_t first = 0; first < batch.size(); first += workspace.capacity()) {
        const std::size_t size = std::min(workspace.capacity(), batch.size() - first);
        const Batch piece{batch.images.subspan(first * architecture_.inputs, size * architecture_.inputs),
                          batch.labels.subspan(first, size)};
        forward(parameters, piece, workspace);
        const Outputs outputs{workspace.layers_.back().data(), architecture_.outputs, piece.labels};
        correct += count_correct(outputs);
        loss += apply_loss(architecture_.loss, outputs);
    }
    const auto samples = static_cast<double>(batch.size());
    return {loss / samples, static_cast<double>(correct) / samples};
}

}  // namespace lockstep::model
