#include "base/digest.hpp"

// GCC 12 takes AVX-512's _mm512_undefined_epi32, which xxhash.h inlines, for a mistake (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

namespace lockstep::base {

std::string digest(std::span<const float> values) {
    const XXH128_hash_t hash = XXH3_128bits(values.data(), values.size_bytes());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace lockstep::base
