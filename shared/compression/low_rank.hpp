#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/block.hpp"
#include "compression/codec.hpp"
#include "compression/power_sgd.hpp"

namespace lockstep::compression {

/// PowerSgd of one worker alone, as a code that anybody can decode: for exchanges in which nobody averages
/// factors.
///
/// The code is not a function of the vector alone: each begins with the Q of the one before (warm start).
///
/// Layout: the left buffer of FactorLayout, P orthonormal, then the right one. Cost: left_values() +
/// right_values() words; two products, the orthonormalisation and the warm start to encode, one product to
/// decode. Biased: to be used with ErrorFeedback.
class LowRank final : public Codec {
  public:
    /// Of vectors of just these blocks.
    LowRank(std::span<const base::Block> blocks, std::size_t rank);

    const FactorLayout& layout() const { return layout_; }

    std::size_t words(std::size_t values) const override;
    /// `draws`: those of the first Q, taken for the first vector alone.
    void encode(std::span<const float> vector, base::RandomStream& draws, std::span<float> code) override;
    void decode(std::span<const float> code, std::span<float> vector) const override;
    double encode_flops(std::size_t values) const override;
    double decode_flops(std::size_t values) const override;

  private:
    std::vector<base::Block> blocks_;
    FactorLayout layout_;
    std::optional<PowerSgd> power_;  ///< of who encodes
};

}  // namespace lockstep::compression
