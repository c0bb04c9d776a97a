#include "compression/low_rank.hpp"

#include <cassert>

namespace lockstep::compression {

LowRank::LowRank(std::span<const base::Block> blocks, std::size_t rank)
    : blocks_(blocks.begin(), blocks.end()), layout_(blocks, rank) {}

std::size_t LowRank::words([[maybe_unused]] std::size_t values) const {
    assert(values == layout_.values());
    return layout_.left_values() + layout_.right_values();
}

void LowRank::encode(std::span<const float> vector, base::RandomStream& draws, std::span<float> code) {
    assert(code.size() == words(vector.size()));
    if (!power_) power_.emplace(blocks_, layout_.rank(), draws);
    const auto left = code.first(layout_.left_values());
    const auto right = code.subspan(layout_.left_values());
    power_->left_factors(vector, left);
    power_->orthonormalise(left);
    power_->right_factors(vector, left, right);
    power_->warm_start(right);
}

void LowRank::decode(std::span<const float> code, std::span<float> vector) const {
    assert(code.size() == words(vector.size()));
    decode_factors(layout_, code.first(layout_.left_values()), code.subspan(layout_.left_values()), vector);
}

double LowRank::encode_flops(std::size_t /*values*/) const {
    return 2 * layout_.product_flops() + layout_.orthonormalise_flops() + layout_.warm_start_flops();
}

double LowRank::decode_flops(std::size_t /*values*/) const {
    return layout_.product_flops();
}

}  // namespace lockstep::compression
