#include "compression/qsgd.hpp"

#include <bit>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/vector_math.hpp"
#include "compression/bit_packing.hpp"
#include "compression/word.hpp"

// Sender and receiver use the same norm, rounded to float32, so that rounding it costs no bias. It is not
// below the largest magnitude, which is a float32 itself: no level is above s, to the last bit.
//
// Where the norm is not finite all levels are sent as 0, and 0 times that norm is the NaN that is wanted.

namespace lockstep::compression {
namespace {

/// The integer below `scaled` >= 0 or, with the probability of its fraction, the one above.
std::uint32_t rounded(double scaled, base::RandomStream& draws) {
    const double below = std::floor(scaled);
    return static_cast<std::uint32_t>(below) + (draws.uniform() < scaled - below ? 1 : 0);
}

}  // namespace

Qsgd::Qsgd(std::uint32_t levels) : levels_(levels), bits_(static_cast<unsigned>(std::bit_width(2 * levels))) {
    if (levels < 1 || levels > max_levels)
        throw base::InputError("Qsgd", fmt::format("{} levels", levels), fmt::format("1 to {}", max_levels));
}

std::size_t Qsgd::words(std::size_t values) const {
    return 1 + packed_words(values, bits_);
}

void Qsgd::encode(std::span<const float> vector, base::RandomStream& draws, std::span<float> code) {
    assert(code.size() == words(vector.size()));
    const auto norm = static_cast<float>(std::sqrt(base::dot(vector, vector)));
    set_word(code, 0, std::bit_cast<std::uint32_t>(norm));
    const bool usable = std::isfinite(norm) && norm > 0;
    BitWriter packed(code.subspan(1));
    for (const float value : vector) {
        const double scaled = usable ? std::abs(double{value}) / norm * levels_ : 0.0;
        const std::uint32_t level = rounded(scaled, draws);
        packed.put(value < 0 ? levels_ - level : levels_ + level, bits_);
    }
    packed.finish();
}

void Qsgd::decode(std::span<const float> code, std::span<float> vector) const {
    assert(code.size() == words(vector.size()));
    const auto norm = std::bit_cast<float>(word(code, 0));
    const auto levels = static_cast<float>(levels_);
    BitReader packed(code.subspan(1));
    for (float& value : vector) value = (static_cast<float>(packed.take(bits_)) - levels) / levels * norm;
}

// The norm takes two operations a value; scaling, drawing, comparing, packing one each.
double Qsgd::encode_flops(std::size_t values) const {
    return 6.0 * static_cast<double>(values);
}

double Qsgd::decode_flops(std::size_t values) const {
    return 3.0 * static_cast<double>(values);
}

}  // namespace lockstep::compression
