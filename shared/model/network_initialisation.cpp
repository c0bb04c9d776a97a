#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/random.hpp"
#include "model/network.hpp"

namespace lockstep::model {

void Network::initialise(std::span<float> parameters, std::uint64_t seed) const {
    assert(parameters.size() == parameter_count_);
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        const Layer& layer = layers_[l];
        const bool rectified = l + 1 < layers_.size() && architecture_.activation == Activation::relu;
        const auto fan = static_cast<double>(rectified ? layer.inputs : layer.inputs + layer.outputs);
        const double range = std::sqrt(6.0 / fan);
        base::RandomStream random(seed, base::Purpose::initialisation, static_cast<std::uint32_t>(l));
        for (float& weight : parameters.subspan(layer.weights, layer.inputs * layer.outputs))
            weight = static_cast<float>(random.uniform(-range, range));
        std::ranges::fill(parameters.subspan(layer.biases, layer.outputs), 0.0F);
    }
}

}  // namespace lockstep::model
