#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/float_buffer.hpp"
#include "model/network.hpp"

namespace lockstep::test {

/// A network with random parameters (biases too) and a batch with random images and labels, all from one
/// seed.
struct Problem {
    model::Network network;
    base::FloatBuffer parameters;
    base::FloatBuffer images;
    std::vector<std::uint8_t> labels;

    Problem(const model::Architecture& architecture, std::size_t samples, std::uint64_t seed = 1);

    model::Batch batch() const { return {images.span(), labels}; }
};

std::string describe(const model::Architecture& architecture);

/// Every activation x loss x none, one and two hidden layers.
std::vector<model::Architecture> all_kinds();

}  // namespace lockstep::test
