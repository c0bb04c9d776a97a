#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "compression/codec.hpp"

namespace lockstep::compression {

/// Rounds every value at random to one of 2 s + 1 levels, -s .. s times norm / s, so that its mean is kept.
///
/// |u_i| / norm * s lies between two integers and goes to the upper one with the probability of its fraction.
/// Unbiased; E |decoded - u|^2 <= min(n / s^2, sqrt(n) / s) |u|^2. A vector of zeros stays one. Where the
/// norm is not finite, or does not fit a float32, everything decodes to NaN, so that divergence shows.
///
/// Layout: the Euclidean norm as float32, then n numbers level + s of ceil(log2(2 s + 1)) bits (BitWriter).
/// Cost: 1 + ceil(n ceil(log2(2 s + 1)) / 32) words; one draw a value.
/// Source: Alistarh, Grubic, Li, Tomioka, Vojnovic, "QSGD", 2017 (1610.02132), section 3.1 and lemma 3.1; a
/// fixed number of bits a value in place of their Elias code, whose length depends on the values.
class Qsgd final : public Codec {
  public:
    static constexpr std::uint32_t max_levels = 1U << 16;

    /// 1 <= levels <= max_levels, else base::InputError: the s above. s = 1 is TernGrad with the Euclidean
    /// norm.
    explicit Qsgd(std::uint32_t levels);

    /// Bits a value.
    unsigned bits() const { return bits_; }

    std::size_t words(std::size_t values) const override;
    void encode(std::span<const float> vector, base::RandomStream& draws, std::span<float> code) override;
    void decode(std::span<const float> code, std::span<float> vector) const override;
    double encode_flops(std::size_t values) const override;
    double decode_flops(std::size_t values) const override;

  private:
    std::uint32_t levels_;
    unsigned bits_;
};

}  // namespace lockstep::compression
