#include "model/workspace.hpp"

#include <algorithm>
#include <cassert>

#include "model/activation.hpp"
#include "model/network.hpp"

namespace lockstep::model {

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

}  // namespace lockstep::model
