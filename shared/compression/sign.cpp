#include "compression/sign.hpp"

#include <cassert>

#include "compression/bit_packing.hpp"

namespace lockstep::compression {

std::size_t Sign::words(std::size_t values) const {
    return packed_words(values, 1);
}

void Sign::encode(std::span<const float> vector, base::RandomStream& /*draws*/, std::span<float> code) {
    assert(code.size() == words(vector.size()));
    BitWriter packed(code);
    for (const float value : vector) packed.put(value < 0 ? 1 : 0, 1);
    packed.finish();
}

void Sign::decode(std::span<const float> code, std::span<float> vector) const {
    assert(code.size() == words(vector.size()));
    BitReader packed(code);
    for (float& value : vector) value = packed.take(1) == 1 ? -1.0F : 1.0F;
}

void majority(std::span<float> sum_of_signs) {
    for (float& sum : sum_of_signs) sum = static_cast<float>((sum > 0 ? 1 : 0) - (sum < 0 ? 1 : 0));
}

}  // namespace lockstep::compression
