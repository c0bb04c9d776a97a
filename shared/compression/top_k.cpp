#include "compression/top_k.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "compression/word.hpp"

// Which k are largest is decided by integers. The bit patterns of positive float32 values are ordered as the
// values are, with infinity above all and NaN above infinity; so a pattern without its sign, followed by the
// index counted backwards, is a key that orders by magnitude, then by lower index, and no two are equal.
// std::nth_element finds the k-th largest key in O(n); a second pass picks what is not below it, which leaves
// the indices ascending and the code independent of how the library partitions.

namespace lockstep::compression {
namespace {

constexpr std::uint32_t sign_bit = 0x80000000;
constexpr std::uint32_t not_a_number = 0x7f800001;  ///< the least pattern above infinity: all NaNs are ties

std::uint64_t order_key(float value, std::size_t index) {
    const std::uint32_t magnitude = std::min(std::bit_cast<std::uint32_t>(value) & ~sign_bit, not_a_number);
    return (std::uint64_t{magnitude} << 32) | ~static_cast<std::uint32_t>(index);
}

}  // namespace

TopK::TopK(double fraction) : fraction_(fraction) {
    if (!(fraction > 0 && fraction <= 1))
        throw base::InputError("TopK", fmt::to_string(fraction), "a fraction above 0 and at most 1");
}

std::size_t TopK::kept(std::size_t values) const {
    const auto rounded = static_cast<std::size_t>(std::llround(fraction_ * static_cast<double>(values)));
    return std::min(values, std::max<std::size_t>(rounded, 1));
}

void TopK::encode(std::span<const float> vector, base::RandomStream& /*draws*/, std::span<float> code) {
    assert(code.size() == words(vector.size()));
    assert(vector.size() <= std::numeric_limits<std::uint32_t>::max());
    if (vector.empty()) return;
    keys_.resize(vector.size());
    for (std::size_t i = 0; i < vector.size(); ++i) keys_[i] = order_key(vector[i], i);
    const auto last = keys_.begin() + static_cast<std::ptrdiff_t>(kept(vector.size()) - 1);
    std::nth_element(keys_.begin(), last, keys_.end(), std::greater<>());
    const std::uint64_t least = *last;
    std::size_t next = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) {
        if (order_key(vector[i], i) < least) continue;
        set_word(code, next++, static_cast<std::uint32_t>(i));
        set_word(code, next++, std::bit_cast<std::uint32_t>(vector[i]));
    }
    assert(next == code.size());
}

void TopK::decode(std::span<const float> code, std::span<float> vector) const {
    assert(code.size() == words(vector.size()));
    std::ranges::fill(vector, 0.0F);
    for (std::size_t i = 0; i < code.size(); i += 2) {
        const std::size_t index = word(code, i);
        assert(index < vector.size());
        vector[index] = std::bit_cast<float>(word(code, i + 1));
    }
}

void TopK::add_decoded(std::span<const float> code, std::span<float> sum,
                       std::span<float> /*scratch*/) const {
    assert(code.size() == words(sum.size()));
    for (std::size_t i = 0; i < code.size(); i += 2) {
        const std::size_t index = word(code, i);
        assert(index < sum.size());
        sum[index] += std::bit_cast<float>(word(code, i + 1));
    }
}

// Forming the keys, picking, and the two to three and a half comparisons a value that selection takes on
// average (Knuth, "Mathematical analysis of algorithms", 1971).
double TopK::encode_flops(std::size_t values) const {
    return 5.0 * static_cast<double>(values);
}

double TopK::decode_flops(std::size_t values) const {
    return static_cast<double>(kept(values));
}

}  // namespace lockstep::compression
