#include <vector>

#include "compression/low_rank.hpp"
#include "power_rounds.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::compression;
using test::Floats;

namespace {

constexpr std::size_t rows = 20;
constexpr std::size_t columns = 31;
constexpr std::size_t biases = 7;
constexpr std::size_t values = rows * columns + biases;
const std::vector<base::Block> blocks{{0, rows, columns}, {rows * columns, 1, biases}};

/// A matrix of the given rank, and a vector.
Floats low_rank_and_biases(std::size_t rank, std::uint32_t index) {
    Floats all = test::low_rank(rows, columns, rank, index);
    const Floats vector = test::uniform(biases, index);
    all.insert(all.end(), vector.begin(), vector.end());
    return all;
}

}  // namespace

TEST_CASE("a matrix of rank r or less is exact up to rounding, and vectors to the bit") {
    LowRank codec(blocks, 3);
    CHECK(codec.words(values) == 3 * (rows + columns) + biases);
    base::RandomStream draws(1, base::Purpose::test);
    for (const std::uint32_t index : {1U, 2U}) {
        const Floats vector = low_rank_and_biases(2, index);
        const Floats found = test::coded(codec, vector, draws);
        CHECK(test::squared_distance(found, vector) <= 1e-11 * test::squared_norm(vector));
        CHECK(test::same_bits(std::span(found).subspan(rows * columns),
                              std::span(vector).subspan(rows * columns)));
    }
}

TEST_CASE("a code is a round of PowerSgd with one worker, and goes on from the one before") {
    LowRank codec(blocks, 2);
    PowerSgd power(blocks, 2, {1, base::Purpose::test});
    base::RandomStream draws(1, base::Purpose::test);
    const Floats vector = low_rank_and_biases(5, 3);
    for (int round = 0; round < 3; ++round) {
        const Floats found = test::coded(codec, vector, draws);
        const Floats expected = test::power_round(power, {vector});
        CHECK(test::squared_distance(found, expected) <= 1e-11 * test::squared_norm(expected));
    }
}

TEST_CASE("who only decodes needs nothing of who has encoded") {
    LowRank sender(blocks, 2);
    const LowRank receiver(blocks, 2);
    base::RandomStream draws(1, base::Purpose::test);
    Floats code(sender.words(values));
    sender.encode(low_rank_and_biases(5, 4), draws, code);
    Floats at_sender(values);
    Floats at_receiver(values);
    sender.decode(code, at_sender);
    receiver.decode(code, at_receiver);
    CHECK(test::same_bits(at_sender, at_receiver));
}
