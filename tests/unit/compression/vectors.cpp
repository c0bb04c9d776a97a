#include "vectors.hpp"

#include <bit>

#include "tests/support/catch.hpp"

namespace lockstep::test {
namespace {

constexpr float guard = 42.0F;

}  // namespace

Floats uniform(std::size_t size, std::uint32_t index) {
    base::RandomStream random(7, base::Purpose::test, index);
    Floats vector(size);
    for (float& value : vector) value = static_cast<float>(random.uniform(-1, 1));
    return vector;
}

bool same_bits(std::span<const float> a, std::span<const float> b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::bit_cast<std::uint32_t>(a[i]) != std::bit_cast<std::uint32_t>(b[i])) return false;
    return true;
}

Floats coded(compression::Codec& codec, const Floats& vector, base::RandomStream& draws) {
    const std::size_t words = codec.words(vector.size());
    Floats code(words + 2, guard);
    codec.encode(vector, draws, std::span(code).subspan(1, words));
    REQUIRE(code.front() == guard);
    REQUIRE(code.back() == guard);
    Floats decoded(vector.size() + 2, guard);
    codec.decode(std::span<const float>(code).subspan(1, words),
                 std::span(decoded).subspan(1, vector.size()));
    REQUIRE(decoded.front() == guard);
    REQUIRE(decoded.back() == guard);
    return {decoded.begin() + 1, decoded.end() - 1};
}

Floats coded(compression::Codec& codec, const Floats& vector) {
    base::RandomStream draws(1, base::Purpose::test);
    Floats decoded = coded(codec, vector, draws);
    REQUIRE(draws.bits() == base::RandomStream(1, base::Purpose::test).bits());
    return decoded;
}

double squared_distance(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (double{a[i]} - b[i]) * (double{a[i]} - b[i]);
    return sum;
}

double squared_norm(std::span<const float> vector) {
    double sum = 0;
    for (const float value : vector) sum += double{value} * value;
    return sum;
}

}  // namespace lockstep::test
