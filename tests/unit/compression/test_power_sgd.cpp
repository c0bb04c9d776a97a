#include <cmath>
#include <limits>
#include <vector>

#include "base/vector_math.hpp"
#include "power_rounds.hpp"
#include "tests/support/catch.hpp"

namespace test_power_sgd {

using namespace lockstep;
using namespace lockstep::compression;
using test::Floats;

namespace {

constexpr std::size_t rows = 20;
constexpr std::size_t columns = 31;
const std::vector<base::Block> one_matrix{{0, rows, columns}};

double column_product(const Floats& left, std::size_t a, std::size_t b) {
    return base::dot(std::span(left).subspan(a * rows, rows), std::span(left).subspan(b * rows, rows));
}

Floats orthonormal_factor(PowerSgd& power, const Floats& vector) {
    Floats left(power.layout().left_values());
    power.left_factors(vector, left);
    power.orthonormalise(left);
    return left;
}

}  // namespace

TEST_CASE("P = M Q, Q = M'P and P Q' are what they say, of each block for itself") {
    // Integers, so that every order of sums gives the same.
    const std::vector<base::Block> blocks{{0, 1, 2}, {2, 3, 5}, {17, 5, 4}};
    PowerSgd power(blocks, 1, {1, base::Purpose::test});
    REQUIRE(power.layout().left_values() == 2 + 3 + 5);
    REQUIRE(power.layout().right_values() == 5 + 4);
    Floats vector(37);
    for (std::size_t i = 0; i < vector.size(); ++i) vector[i] = static_cast<float>(i * i % 11) - 5;
    Floats q(9);
    power.warm_start(Floats{0, 0, 4, 0, 0, 0, -2, 0, 0});  // normalised: the third column, minus the second

    Floats left(10);
    power.left_factors(vector, left);
    Floats expected{vector[0], vector[1]};
    for (std::size_t r = 0; r < 3; ++r) expected.push_back(vector[2 + 5 * r + 2]);
    for (std::size_t r = 0; r < 5; ++r) expected.push_back(-vector[17 + 4 * r + 1]);
    CHECK(left == expected);

    const Floats p{7, 8, 1, -2, 3, 2, 0, -1, 1, 5};
    power.right_factors(vector, p, q);
    for (std::size_t c = 0; c < 5; ++c) CHECK(q[c] == vector[2 + c] - 2 * vector[7 + c] + 3 * vector[12 + c]);
    for (std::size_t c = 0; c < 4; ++c)
        CHECK(q[5 + c] == 2 * vector[17 + c] - vector[25 + c] + vector[29 + c] + 5 * vector[33 + c]);

    Floats decoded(37);
    power.decode(p, q, decoded);
    CHECK(decoded[0] == 7);
    CHECK(decoded[1] == 8);
    for (std::size_t r = 0; r < 3; ++r)
        for (std::size_t c = 0; c < 5; ++c) REQUIRE(decoded[2 + 5 * r + c] == p[2 + r] * q[c]);
    for (std::size_t r = 0; r < 5; ++r)
        for (std::size_t c = 0; c < 4; ++c) REQUIRE(decoded[17 + 4 * r + c] == p[5 + r] * q[5 + c]);
}

TEST_CASE("P'P = 1") {
    for (const std::size_t rank : {1U, 2U, 5U, 8U}) {
        PowerSgd power(one_matrix, rank, {1, base::Purpose::test});
        const Floats left = orthonormal_factor(power, test::uniform(rows * columns, 1));
        for (std::size_t a = 0; a < rank; ++a)
            for (std::size_t b = 0; b < rank; ++b)
                CHECK(column_product(left, a, b) == Approx(a == b ? 1 : 0).margin(1e-6));
    }
}

TEST_CASE("nearly dependent columns come out orthonormal too") {
    PowerSgd power(one_matrix, 3, {1, base::Purpose::test});
    const Floats direction = test::uniform(rows, 1);
    Floats left(3 * rows);
    for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t r = 0; r < rows; ++r)
            left[c * rows + r] = direction[r] + 1e-4F * test::uniform(rows, static_cast<std::uint32_t>(c))[r];
    power.orthonormalise(left);
    for (std::size_t a = 0; a < 3; ++a)
        for (std::size_t b = 0; b < 3; ++b)
            CHECK(column_product(left, a, b) == Approx(a == b ? 1 : 0).margin(1e-6));
}

TEST_CASE("a dependent column becomes zero, the others stay orthonormal") {
    PowerSgd power(one_matrix, 3, {1, base::Purpose::test});
    Floats left(3 * rows);
    const Floats direction = test::uniform(rows, 1);
    const Floats another = test::uniform(rows, 2);
    for (std::size_t r = 0; r < rows; ++r) {
        left[r] = direction[r];
        left[rows + r] = -3 * direction[r];
        left[2 * rows + r] = another[r];
    }
    power.orthonormalise(left);
    CHECK(column_product(left, 0, 0) == Approx(1));
    CHECK(column_product(left, 1, 1) == 0);
    CHECK(column_product(left, 2, 2) == Approx(1));
    CHECK(column_product(left, 0, 2) == Approx(0).margin(1e-6));
}

TEST_CASE("a matrix of rank r or less is exact up to rounding, in one round") {
    for (const std::size_t rank : {1U, 2U, 4U})
        for (std::size_t of_matrix = 0; of_matrix <= rank; ++of_matrix) {
            PowerSgd power(one_matrix, rank, {1, base::Purpose::test});
            const Floats matrix = test::low_rank(rows, columns, of_matrix, 3);
            for (int round = 0; round < 3; ++round) {
                const Floats decoded = test::power_round(power, {matrix});
                INFO("rank " << rank << ", of the matrix " << of_matrix << ", round " << round);
                CHECK(test::squared_distance(decoded, matrix) <= 1e-11 * test::squared_norm(matrix));
            }
        }
}

TEST_CASE("small matrices and vectors travel uncompressed, to the bit") {
    const std::vector<base::Block> blocks{{0, 4, 4}, {16, 1, 5}, {21, 3, 1}};
    PowerSgd power(blocks, 4, {1, base::Purpose::test});
    CHECK(power.layout().right_values() == 0);
    CHECK(power.layout().left_values() == 24);
    const Floats vector = test::uniform(24, 1);
    CHECK(test::same_bits(test::power_round(power, {vector}), vector));
}

TEST_CASE("what is not finite shows") {
    for (const float odd :
         {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
        PowerSgd power(one_matrix, 2, {1, base::Purpose::test});
        Floats matrix = test::uniform(rows * columns, 1);
        matrix[37] = odd;
        CHECK(std::isnan(orthonormal_factor(power, matrix)[37 / columns]));
        const Floats decoded = test::power_round(power, {matrix});
        CHECK_FALSE(std::isfinite(test::squared_norm(decoded)));
    }
}

}  // namespace test_power_sgd
