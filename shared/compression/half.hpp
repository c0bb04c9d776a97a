#pragma once

#include <cstddef>
#include <span>

#include "compression/codec.hpp"

namespace lockstep::compression {

/// Sixteen bits a value, two values a word, the first one in the lower half.
///
/// Cost: ceil(n / 2) words; one operation a value either way. Representable values are exact; others go to
/// the nearest, a midpoint to the one whose last bit is 0. NaN stays NaN.

/// IEEE 754 binary16: 11 significant bits, 6.1e-5 .. 65504, below that subnormals in steps of 2^-24; from
/// 65520 on infinity.
class Float16 final : public Codec {
  public:
    std::size_t words(std::size_t values) const override { return (values + 1) / 2; }
    void encode(std::span<const float> vector, base::RandomStream& draws, std::span<float> code) override;
    void decode(std::span<const float> code, std::span<float> vector) const override;
    double encode_flops(std::size_t values) const override { return static_cast<double>(values); }
    double decode_flops(std::size_t values) const override { return static_cast<double>(values); }
};

/// The upper half of a float32: 8 significant bits, the range of float32. Source: Kalamkar et al., "A study
/// of BFLOAT16 for deep learning training", 2019 (1905.12322).
class Bfloat16 final : public Codec {
  public:
    std::size_t words(std::size_t values) const override { return (values + 1) / 2; }
    void encode(std::span<const float> vector, base::RandomStream& draws, std::span<float> code) override;
    void decode(std::span<const float> code, std::span<float> vector) const override;
    double encode_flops(std::size_t values) const override { return static_cast<double>(values); }
    double decode_flops(std::size_t values) const override { return static_cast<double>(values); }
};

/// Replaces every value by what it would decode to. Cost: two operations a value.
void round_to_float16(std::span<float> vector);
void round_to_bfloat16(std::span<float> vector);

}  // namespace lockstep::compression
