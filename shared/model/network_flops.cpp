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

double Network::step_flops(std::size_t batch_size) const {
    double backward = 0;
    for (const Layer& layer : layers_) {
        const auto in = static_cast<double>(layer.inputs);
        const auto out = static_cast<double>(layer.outputs);
        backward += 2 * in * out + out;
        if (&layer != &layers_.front()) backward += 2 * in * out + in;
    }
    const double update = 2 * static_cast<double>(parameter_count_);
    return evaluation_flops(batch_size) + static_cast<double>(batch_size) * backward + update;
}

}  // namespace lockstep::model
