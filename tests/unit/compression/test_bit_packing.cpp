#include <cstdint>
#include <vector>

#include "compression/bit_packing.hpp"
#include "compression/word.hpp"
#include "tests/support/catch.hpp"
#include "vectors.hpp"

using namespace lockstep;
using namespace lockstep::compression;

TEST_CASE("packed words are the bits rounded up") {
    CHECK(packed_words(0, 5) == 0);
    CHECK(packed_words(1, 5) == 1);
    CHECK(packed_words(32, 1) == 1);
    CHECK(packed_words(33, 1) == 2);
    CHECK(packed_words(7, 5) == 2);
    CHECK(packed_words(4, 32) == 4);
}

TEST_CASE("five-bit numbers lie where the header says") {
    test::Floats code(2);
    BitWriter writer(code);
    for (const std::uint32_t number : {1U, 2U, 3U, 4U, 5U, 6U, 0b10110U}) writer.put(number, 5);
    writer.finish();
    CHECK(word(code, 0) == (1U | 2U << 5 | 3U << 10 | 4U << 15 | 5U << 20 | 6U << 25 | 0b10U << 30));
    CHECK(word(code, 1) == 0b101U);
}

TEST_CASE("what was written is read, for every width") {
    for (unsigned bits = 1; bits <= 32; ++bits) {
        base::RandomStream random(bits, base::Purpose::test);
        std::vector<std::uint32_t> numbers(67);
        for (auto& number : numbers) number = random.bits() >> (32 - bits);
        test::Floats code(packed_words(numbers.size(), bits));
        BitWriter writer(code);
        for (const std::uint32_t number : numbers) writer.put(number, bits);
        writer.finish();
        BitReader reader(code);
        for (const std::uint32_t number : numbers) REQUIRE(reader.take(bits) == number);
    }
}

TEST_CASE("any bit pattern survives as a word, signalling NaNs among them") {
    test::Floats code(1);
    for (const std::uint32_t bits : {0x7f800001U, 0xff812345U, 0x80000000U, 0x00000001U, 0xffffffffU}) {
        set_word(code, 0, bits);
        const test::Floats moved = code;
        CHECK(word(moved, 0) == bits);
    }
}
