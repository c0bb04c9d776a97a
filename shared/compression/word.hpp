#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace lockstep::compression {

/// Word `index` of a code. Copied as bytes: as a float32 value it may be a signalling NaN.
inline std::uint32_t word(std::span<const float> code, std::size_t index) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &code[index], sizeof bits);
    return bits;
}

/// Sets word `index` of a code.
inline void set_word(std::span<float> code, std::size_t index, std::uint32_t bits) {
    std::memcpy(&code[index], &bits, sizeof bits);
}

}  // namespace lockstep::compression
