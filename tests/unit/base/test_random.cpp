#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

#include "base/random.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::base;

namespace {

using PhiloxBlock = std::array<std::uint32_t, 4>;

/// Philox4x32-10 written from section 3.3 of the paper, with its multipliers and Weyl constants.
PhiloxBlock philox(PhiloxBlock counter, std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t first = std::uint64_t{0xD2511F53} * counter[0];
        const std::uint64_t second = std::uint64_t{0xCD9E8D57} * counter[2];
        counter = {static_cast<std::uint32_t>(second >> 32) ^ counter[1] ^ key[0],
                   static_cast<std::uint32_t>(second),
                   static_cast<std::uint32_t>(first >> 32) ^ counter[3] ^ key[1],
                   static_cast<std::uint32_t>(first)};
        key[0] += 0x9E3779B9;
        key[1] += 0xBB67AE85;
    }
    return counter;
}

std::vector<std::uint32_t> draws(RandomStream stream, std::size_t count) {
    std::vector<std::uint32_t> values(count);
    for (auto& value : values) value = stream.bits();
    return values;
}

/// Chi-square statistic of `samples` against the uniform distribution on `cells` cells.
double chi_square(const std::vector<std::uint32_t>& cells, double samples) {
    const double expected = samples / static_cast<double>(cells.size());
    double sum = 0;
    for (const std::uint32_t count : cells) sum += (count - expected) * (count - expected) / expected;
    return sum;
}

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15ULL;

}  // namespace

TEST_CASE("the reference is Philox4x32-10: known answers of Random123's kat_vectors") {
    CHECK(philox({0, 0, 0, 0}, {0, 0}) == PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    constexpr std::uint32_t ones = 0xffffffff;
    CHECK(philox({ones, ones, ones, ones}, {ones, ones}) ==
          PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
          PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream is Philox keyed by seed and purpose, counting blocks below (index, subindex)") {
    const std::uint64_t key = 0x299f31d0a4093822ULL;
    const std::uint64_t seed = key ^ (static_cast<std::uint64_t>(Purpose::test) * golden);
    RandomStream stream(seed, Purpose::test, 0x13198a2e, 0x03707344);
    for (std::uint32_t block = 0; block < 5; ++block)
        for (const std::uint32_t word : philox({block, 0, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}))
            REQUIRE(stream.bits() == word);
}

TEST_CASE("the purposes keep the numbers that seeded results rest on") {
    CHECK(static_cast<int>(Purpose::initialisation) == 1);
    CHECK(static_cast<int>(Purpose::batch_order) == 2);
    CHECK(static_cast<int>(Purpose::digit_images) == 3);
}

TEST_CASE("equal arguments give equal streams, different ones share no draws") {
    CHECK(draws({1, Purpose::test, 2, 3}, 100) == draws({1, Purpose::test, 2, 3}, 100));
    std::set<std::vector<std::uint32_t>>
        blocks;  // of two words: 64 bits, so a chance match is out of the question
    std::size_t expected = 0;
    for (const std::uint64_t seed : {1U, 2U})
        for (const Purpose purpose : {Purpose::initialisation, Purpose::batch_order, Purpose::digit_images})
            for (const std::uint32_t index : {0U, 1U, 2U})
                for (const std::uint32_t subindex : {0U, 1U}) {
                    const auto values = draws({seed, purpose, index, subindex}, 200);
                    for (std::size_t i = 0; i < values.size(); i += 2, ++expected)
                        blocks.insert({values[i], values[i + 1]});
                }
    CHECK(blocks.size() == expected);
}

TEST_CASE("uniform() is in [0, 1), has mean 1/2 and fills 64 cells evenly") {
    RandomStream stream(1, Purpose::test);
    constexpr int samples = 64000;
    std::vector<std::uint32_t> cells(64);
    double sum = 0;
    for (int i = 0; i < samples; ++i) {
        const double value = stream.uniform();
        REQUIRE((value >= 0 && value < 1));
        ++cells[static_cast<std::size_t>(value * 64)];
        sum += value;
    }
    CHECK(sum / samples == Approx(0.5).margin(4 * 0.2887 / 253));  // four standard errors
    const double statistic = chi_square(cells, samples);           // 63 degrees: 0.001 quantiles 34 and 103
    CHECK(statistic > 34);
    CHECK(statistic < 103);
}

TEST_CASE("uniform(low, high) stays in its interval") {
    RandomStream stream(2, Purpose::test);
    for (int i = 0; i < 1000; ++i) {
        const double value = stream.uniform(-3, -2);
        REQUIRE((value >= -3 && value < -2));
    }
}

TEST_CASE("below() is even for bounds that do not divide 2^32, and 0 for bound 1") {
    RandomStream stream(3, Purpose::test);
    for (int i = 0; i < 10; ++i) REQUIRE(stream.below(1) == 0);
    std::vector<std::uint32_t> cells(7);
    for (int i = 0; i < 70000; ++i) ++cells.at(stream.below(7));
    CHECK(chi_square(cells, 70000) < 22.5);  // 6 degrees, 0.999 quantile

    // Of 3/4 2^32 values, multiply-and-shift without rejection would give every third one twice as often.
    constexpr std::uint32_t bound = 3U << 30;
    std::vector<std::uint32_t> residues(3);
    for (int i = 0; i < 30000; ++i) ++residues[stream.below(bound) % 3];
    CHECK(chi_square(residues, 30000) < 13.9);  // 2 degrees, 0.999 quantile
}

TEST_CASE("shuffle() permutes, and every permutation of 4 is equally likely") {
    RandomStream stream(4, Purpose::test);
    std::vector<std::uint32_t> many(1000);
    std::iota(many.begin(), many.end(), 0U);
    auto shuffled = many;
    stream.shuffle(shuffled);
    CHECK(shuffled != many);
    CHECK(std::is_permutation(shuffled.begin(), shuffled.end(), many.begin()));

    std::vector<std::uint32_t> cells(256);
    for (int i = 0; i < 24000; ++i) {
        std::array<std::uint32_t, 4> values{0, 1, 2, 3};
        stream.shuffle(values);
        ++cells[values[0] * 64 + values[1] * 16 + values[2] * 4 + values[3]];
    }
    std::erase(cells, 0U);
    REQUIRE(cells.size() == 24);
    CHECK(chi_square(cells, 24000) < 49.7);  // 23 degrees, 0.999 quantile

    std::vector<std::uint32_t> none;
    stream.shuffle(none);
    CHECK(none.empty());
}
