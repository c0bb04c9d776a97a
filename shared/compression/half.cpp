#include "compression/half.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>

#include <Eigen/Core>

#include "compression/word.hpp"

// The conversions are Eigen's: by the processor's instructions where it has them, else by integers, with
// equal results. Only what becomes of a NaN's payload differs between these, so every NaN is sent as the same
// one.

namespace lockstep::compression {
namespace {

template <class Value>
std::uint16_t code_of(float value) {
    const Value nearest = std::isnan(value) ? std::numeric_limits<Value>::quiet_NaN() : Value(value);
    return std::bit_cast<std::uint16_t>(nearest);
}

template <class Value>
float value_of(std::uint32_t code) {
    return static_cast<float>(std::bit_cast<Value>(static_cast<std::uint16_t>(code)));
}

template <class Value>
void encode_as(std::span<const float> vector, std::span<float> code) {
    assert(code.size() == (vector.size() + 1) / 2);
    const std::size_t pairs = vector.size() / 2;
    for (std::size_t i = 0; i < pairs; ++i) {
        const std::uint32_t upper = code_of<Value>(vector[2 * i + 1]);
        set_word(code, i, code_of<Value>(vector[2 * i]) | upper << 16);
    }
    if (pairs < code.size()) set_word(code, pairs, code_of<Value>(vector.back()));
}

template <class Value>
void decode_as(std::span<const float> code, std::span<float> vector) {
    assert(code.size() == (vector.size() + 1) / 2);
    const std::size_t pairs = vector.size() / 2;
    for (std::size_t i = 0; i < pairs; ++i) {
        const std::uint32_t both = word(code, i);
        vector[2 * i] = value_of<Value>(both);
        vector[2 * i + 1] = value_of<Value>(both >> 16);
    }
    if (pairs < code.size()) vector.back() = value_of<Value>(word(code, pairs));
}

}  // namespace

void Float16::encode(std::span<const float> vector, base::RandomStream& /*draws*/, std::span<float> code) {
    encode_as<Eigen::half>(vector, code);
}

void Float16::decode(std::span<const float> code, std::span<float> vector) const {
    decode_as<Eigen::half>(code, vector);
}

void Bfloat16::encode(std::span<const float> vector, base::RandomStream& /*draws*/, std::span<float> code) {
    encode_as<Eigen::bfloat16>(vector, code);
}

void Bfloat16::decode(std::span<const float> code, std::span<float> vector) const {
    decode_as<Eigen::bfloat16>(code, vector);
}

void round_to_float16(std::span<float> vector) {
    for (float& value : vector) value = value_of<Eigen::half>(code_of<Eigen::half>(value));
}

void round_to_bfloat16(std::span<float> vector) {
    for (float& value : vector) value = value_of<Eigen::bfloat16>(code_of<Eigen::bfloat16>(value));
}

}  // namespace lockstep::compression
