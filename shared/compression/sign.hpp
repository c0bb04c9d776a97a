#pragma once

#include <cstddef>
#include <span>

#include "compression/codec.hpp"

namespace lockstep::compression {

/// One bit a value: decodes to +1 where the value is zero, of either sign, positive or NaN, else to -1.
///
/// Invariant to multiplying the vector by a positive number. Neither unbiased nor to scale: the learning rate
/// is the size of the step.
///
/// Layout: bit 1 is -1, lowest bit of the first word first. Cost: ceil(n / 32) words; one operation a value.
/// Source: Bernstein, Wang, Azizzadenesheli, Anandkumar, "signSGD", 2018 (1802.04434), algorithm 1.
class Sign final : public Codec {
  public:
    std::size_t words(std::size_t values) const override;
    void encode(std::span<const float> vector, base::RandomStream& draws, std::span<float> code) override;
    void decode(std::span<const float> code, std::span<float> vector) const override;
    double encode_flops(std::size_t values) const override { return static_cast<double>(values); }
    double decode_flops(std::size_t values) const override { return static_cast<double>(values); }
};

/// Turns sums of decoded signs into the majority's: -1, +1, and 0 for a tie.
///
/// Cost: one operation a value. Source: Bernstein, Zhao, Azizzadenesheli, Anandkumar, "signSGD with majority
/// vote", 2018 (1810.05291), algorithm 1.
void majority(std::span<float> sum_of_signs);

}  // namespace lockstep::compression
