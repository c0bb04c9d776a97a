#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "compression/codec.hpp"

namespace lockstep::test {

using Floats = std::vector<float>;

/// A vector that any code must cope with: uniform on [-1, 1], of a stream of its own.
Floats uniform(std::size_t size, std::uint32_t index);

/// Whether two vectors have the same bits: NaN equals itself, 0 does not equal -0.
bool same_bits(std::span<const float> a, std::span<const float> b);

/// What the codec makes of a vector. Fails where it writes outside the words that it claims.
Floats coded(compression::Codec& codec, const Floats& vector, base::RandomStream& draws);
/// For codes without draws; fails where one is taken.
Floats coded(compression::Codec& codec, const Floats& vector);

/// |a - b|^2.
double squared_distance(std::span<const float> a, std::span<const float> b);
double squared_norm(std::span<const float> vector);

}  // namespace lockstep::test
