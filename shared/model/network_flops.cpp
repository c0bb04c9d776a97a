#include "model/network.hpp"

namespace lockstep::model {

double Network::forward_flops(std::size_t samples) const {
    double flops = 0;
    for (const Layer& layer : layers_) {
        const auto in = static_cast<double>(layer.inputs);
        const auto out = static_cast<double>(layer.outputs);
        flops += 2 * in * out + out + out;
    }
    return static_cast<double>(samples) * flops;
}

double Network::evaluation_flops(std::size_t samples) const {
    return forward_flops(samples) + static_cast<double>(samples) * static_cast<double>(architecture_.outputs);
}

double Network::layer_gradient_flops(std::size_t layer, std::size_t batch_size) const {
    const auto in = static_cast<double>(layers_[layer].inputs);
    const auto out = static_cast<double>(layers_[layer].outputs);
    const double handed_down = layer == 0 ? 0 : 2 * in * out + in;
    return static_cast<double>(batch_size) * (2 * in * out + out + handed_down);
}

double Network::step_flops(std::size_t batch_size) const {
    double backward = 0;
    for (std::size_t l = 0; l < layers_.size(); ++l) backward += layer_gradient_flops(l, batch_size);
    const double update = 2 * static_cast<double>(parameter_count_);
    return evaluation_flops(batch_size) + backward + update;
}

}  // namespace lockstep::model
