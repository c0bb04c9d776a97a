#include <cmath>
#include <vector>

#include "base/vector_math.hpp"
#include "compression/error_feedback.hpp"
#include "power_rounds.hpp"
#include "tests/support/catch.hpp"

namespace test_power_sgd_rounds {

using namespace lockstep;
using namespace lockstep::compression;
using test::Floats;

namespace {

constexpr std::size_t rows = 20;
constexpr std::size_t columns = 31;
const std::vector<base::Block> one_matrix{{0, rows, columns}};

}  // namespace

TEST_CASE("workers whose mean has rank r or less are exact up to rounding, whatever the rank of each") {
    PowerSgd power(one_matrix, 3, {1, base::Purpose::test});
    const Floats low = test::low_rank(rows, columns, 2, 3);
    const Floats full = test::uniform(rows * columns, 4);
    std::vector<Floats> workers{low, low};
    base::add(workers[0], full);
    base::descend(workers[1], full, 1);
    CHECK(test::squared_distance(test::power_round(power, workers), low) <= 1e-11 * test::squared_norm(low));
}

TEST_CASE("rounds on the same matrix come to its best approximation") {
    // Diagonal 8, 4, 1/4, ...: the best of rank 2 keeps the first two.
    Floats matrix(rows * columns);
    for (std::size_t i = 0; i < rows; ++i)
        matrix[i * columns + i] = i < 2 ? 8.0F / static_cast<float>(i + 1) : 0.25F;
    Floats best(rows * columns);
    best[0] = 8;
    best[columns + 1] = 4;
    PowerSgd power(one_matrix, 2, {1, base::Purpose::test});
    const double first = test::squared_distance(test::power_round(power, {matrix}), best);
    double last = first;
    for (int round = 0; round < 9; ++round)
        last = test::squared_distance(test::power_round(power, {matrix}), best);
    CHECK(first > 1e-2);
    CHECK(last < 1e-10);
}

TEST_CASE("a round of zeros does not put an end to the factors") {
    PowerSgd power(one_matrix, 2, {1, base::Purpose::test});
    const Floats zeros(rows * columns);
    CHECK(test::power_round(power, {zeros}) == zeros);
    const Floats matrix = test::low_rank(rows, columns, 2, 5);
    CHECK(test::squared_distance(test::power_round(power, {matrix}), matrix) <=
          1e-11 * test::squared_norm(matrix));
}

TEST_CASE("tiny and huge matrices keep their factors") {
    for (const float scale : {1e-30F, 1e-12F, 1e15F}) {
        PowerSgd power(one_matrix, 2, {1, base::Purpose::test});
        Floats matrix = test::low_rank(rows, columns, 2, 5);
        base::scale(matrix, scale);
        for (int round = 0; round < 3; ++round) {
            const Floats decoded = test::power_round(power, {matrix});
            CHECK(test::squared_distance(decoded, matrix) <= 1e-11 * test::squared_norm(matrix));
        }
    }
}

TEST_CASE("equal draws give equal factors to the bit, others do not") {
    PowerSgd first(one_matrix, 2, {1, base::Purpose::test});
    PowerSgd second(one_matrix, 2, {1, base::Purpose::test});
    PowerSgd third(one_matrix, 2, {2, base::Purpose::test});
    for (std::uint32_t round = 0; round < 3; ++round) {
        const std::vector<Floats> workers{test::uniform(rows * columns, round)};
        const Floats decoded = test::power_round(first, workers);
        CHECK(test::same_bits(decoded, test::power_round(second, workers)));
        CHECK_FALSE(test::same_bits(decoded, test::power_round(third, workers)));
    }
}

TEST_CASE("with error feedback x_t - mean m_t is x_0 - the sum of mean updates") {
    constexpr std::size_t workers = 3;
    constexpr std::size_t size = rows * columns + 7;
    const std::vector<base::Block> blocks{{0, rows, columns}, {rows * columns, 1, 7}};
    PowerSgd power(blocks, 2, {1, base::Purpose::test});
    std::vector<ErrorFeedback> memories;
    for (std::size_t w = 0; w < workers; ++w) memories.emplace_back(size);
    std::vector<double> defect(size);
    double missing = 0;
    for (std::uint32_t round = 0; round < 20; ++round) {
        std::vector<Floats> updates;
        for (std::uint32_t w = 0; w < workers; ++w) {
            const Floats update = test::uniform(size, 10 * round + w);
            for (std::size_t i = 0; i < size; ++i) defect[i] += double{update[i]} / workers;
            const auto u = memories[w].add(update);
            updates.emplace_back(u.begin(), u.end());
        }
        const Floats decoded = test::power_round(power, updates);
        for (auto& memory : memories) memory.subtract(decoded);
        for (std::size_t i = 0; i < size; ++i) defect[i] -= decoded[i];
    }
    for (std::size_t i = 0; i < size; ++i) {
        for (const auto& memory : memories) defect[i] -= double{memory.owed()[i]} / workers;
        missing = std::max(missing, std::abs(defect[i]));
    }
    CHECK(missing < 1e-4);
}

}  // namespace test_power_sgd_rounds
