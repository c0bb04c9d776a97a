#include "base/digest.hpp"

// GCC 12 takes AVX-512's _mm512_undefined_epi32, which xxhash.h inlines, for a mistake (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

namespace lockstep::base {

namespace {

std::string digest(const void* bytes, std::size_t size) {
    const XXH128_hash_t hash = XXH3_128bits(bytes, size);
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

std::string digest(std::span<const float> values) {
    return digest(values.data(), values.size_bytes());
}

std::string digest_of_bytes(std::string_view bytes) {
    return digest(bytes.data(), bytes.size());
}

}  // namespace lockstep::base
