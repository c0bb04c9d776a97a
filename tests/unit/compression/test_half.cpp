#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>

#include "compression/half.hpp"
#include "compression/word.hpp"
#include "tests/support/catch.hpp"
#include "vectors.hpp"

using namespace lockstep;
using namespace lockstep::compression;
using test::Floats;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// A 16-bit format by its definition: sign, exponent, fraction.
struct Format {
    std::unique_ptr<Codec> codec;
    int fraction_bits = 0;
    int bias = 0;

    std::uint32_t infinite() const { return 0x7fffU >> fraction_bits << fraction_bits; }

    /// What a code means, in float64, where both formats are exact.
    double meaning(std::uint32_t code) const {
        const double sign = code >> 15 == 0 ? 1 : -1;
        const std::uint32_t magnitude = code & 0x7fffU;
        if (magnitude > infinite()) return std::numeric_limits<double>::quiet_NaN();
        if (magnitude == infinite()) return sign * infinity;
        const int exponent = static_cast<int>(magnitude >> fraction_bits);
        const double fraction = std::ldexp(magnitude & ((1U << fraction_bits) - 1), -fraction_bits);
        return sign *
               (exponent == 0 ? std::ldexp(fraction, 1 - bias) : std::ldexp(1 + fraction, exponent - bias));
    }
};

std::vector<Format> formats() {
    std::vector<Format> all;
    all.push_back({std::make_unique<Float16>(), 10, 15});
    all.push_back({std::make_unique<Bfloat16>(), 7, 127});
    return all;
}

std::uint32_t code_of(const Format& format, float value) {
    base::RandomStream draws(1, base::Purpose::test);
    Floats code(1);
    format.codec->encode(Floats{value}, draws, code);
    return word(code, 0);
}

float value_of(const Format& format, std::uint32_t code) {
    Floats words(1);
    Floats value(1);
    set_word(words, 0, code);
    format.codec->decode(words, value);
    return value.front();
}

}  // namespace

TEST_CASE("every code of 16 bits means what its format says and is encoded as itself") {
    for (const Format& format : formats())
        for (std::uint32_t code = 0; code < 1U << 16; ++code) {
            const float value = value_of(format, code);
            const double meaning = format.meaning(code);
            if (std::isnan(meaning)) {
                REQUIRE(std::isnan(value));
                REQUIRE((code_of(format, value) & 0x7fffU) > format.infinite());
            } else {
                REQUIRE(double{value} == meaning);
                REQUIRE(code_of(format, value) == code);
            }
        }
}

TEST_CASE("between two codes the nearer one is taken, in the middle the even one") {
    for (const Format& format : formats())
        for (std::uint32_t code = 0; code < format.infinite(); ++code) {
            const double lower = format.meaning(code);
            const double gap = lower - (code == 0 ? -format.meaning(1) : format.meaning(code - 1));
            // Above the largest finite code infinity lies where the next code would.
            const double upper = code + 1 == format.infinite() ? lower + gap : format.meaning(code + 1);
            const auto middle = static_cast<float>((lower + upper) / 2);
            REQUIRE(double{middle} == (lower + upper) / 2);
            REQUIRE(code_of(format, middle) == code + code % 2);
            REQUIRE(code_of(format, std::nextafter(middle, 0.0F)) == code);
            REQUIRE(code_of(format, std::nextafter(middle, infinity)) == code + 1);
            REQUIRE(code_of(format, -middle) == (0x8000U | (code + code % 2)));
        }
}

TEST_CASE("overflow, underflow and NaN") {
    const auto all = formats();
    CHECK(value_of(all[0], code_of(all[0], 65504)) == 65504);
    CHECK(value_of(all[0], code_of(all[0], 65519.996F)) == 65504);
    CHECK(value_of(all[0], code_of(all[0], 65520)) == infinity);
    CHECK(value_of(all[0], code_of(all[0], -1e38F)) == -infinity);
    CHECK(value_of(all[0], code_of(all[0], 0x1p-24F)) == 0x1p-24F);
    CHECK(value_of(all[0], code_of(all[0], 0x1p-25F)) == 0);
    CHECK(value_of(all[1], code_of(all[1], 1e38F)) == Approx(1e38F).epsilon(1.0 / 256));
    CHECK(value_of(all[1], code_of(all[1], std::numeric_limits<float>::max())) == infinity);
    for (const Format& format : all)
        for (const std::uint32_t bits : {0x7f800001U, 0x7fffffffU, 0xffc00000U, 0xff80ffffU})
            CHECK(std::isnan(value_of(format, code_of(format, std::bit_cast<float>(bits)))));
}

TEST_CASE("two values a word, the first in the lower half") {
    for (const Format& format : formats()) {
        CHECK(format.codec->words(0) == 0);
        CHECK(format.codec->words(1) == 1);
        CHECK(format.codec->words(4) == 2);
        CHECK(format.codec->words(5) == 3);
        base::RandomStream draws(1, base::Purpose::test);
        Floats code(1);
        format.codec->encode(Floats{1, -2}, draws, code);
        CHECK(word(code, 0) == (code_of(format, 1) | code_of(format, -2) << 16));
        CHECK(test::coded(*format.codec, {1, -2, 3}) == Floats{1, -2, 3});
        CHECK(test::coded(*format.codec, {}).empty());
    }
}

TEST_CASE("rounding in place is encoding and decoding") {
    const auto all = formats();
    const Floats vector = test::uniform(1001, 1);
    Floats rounded = vector;
    round_to_float16(rounded);
    CHECK(rounded == test::coded(*all[0].codec, vector));
    CHECK(test::squared_distance(rounded, vector) <= test::squared_norm(vector) * 0x1p-22);
    rounded = vector;
    round_to_bfloat16(rounded);
    CHECK(rounded == test::coded(*all[1].codec, vector));
    CHECK(rounded != vector);
    CHECK(test::squared_distance(rounded, vector) <= test::squared_norm(vector) * 0x1p-16);
}
