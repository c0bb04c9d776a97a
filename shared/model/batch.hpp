#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lockstep::model {

/// A view of samples in memory: `size` images of `inputs` float32 each, row-major, scaled to [0, 1], 64-byte
/// aligned, and their class labels.
struct Batch {
    std::span<const float> images;
    std::span<const std::uint8_t> labels;
    std::size_t size() const { return labels.size(); }
};

}  // namespace lockstep::model
