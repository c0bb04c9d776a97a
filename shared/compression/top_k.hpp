#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compression/codec.hpp"

namespace lockstep::compression {

/// Sends the k values of largest magnitude with their indices; the others decode to 0.
///
/// k = max(1, round(fraction n)). Equal magnitudes: the lower index first. A NaN counts as larger than
/// everything, so that divergence shows. With k = n the code is exact, to the bit.
///
/// Layout: k pairs (index, value), indices ascending: {0, -7, 0, 3} with k = 2 is (1, -7) (3, 3).
/// Cost: 2 k words; about 5 n operations, no sort.
/// Source: Stich, Cordonnier, Jaggi, "Sparsified SGD with memory", 2018 (1809.07599), definition 2.1. Biased:
/// to be used with ErrorFeedback.
class TopK final : public Codec {
  public:
    /// 0 < fraction <= 1, else base::InputError.
    explicit TopK(double fraction);

    /// How many of so many values are sent.
    std::size_t kept(std::size_t values) const;

    std::size_t words(std::size_t values) const override { return 2 * kept(values); }
    void encode(std::span<const float> vector, base::RandomStream& draws, std::span<float> code) override;
    void decode(std::span<const float> code, std::span<float> vector) const override;
    /// Touches the k values alone; `scratch` may be empty.
    void add_decoded(std::span<const float> code, std::span<float> sum,
                     std::span<float> scratch) const override;
    double encode_flops(std::size_t values) const override;
    double decode_flops(std::size_t values) const override;
    double add_flops(std::size_t values) const override { return decode_flops(values); }

  private:
    double fraction_;
    std::vector<std::uint64_t> keys_;
};

}  // namespace lockstep::compression
