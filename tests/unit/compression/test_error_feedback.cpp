#include <cmath>

#include "base/vector_math.hpp"
#include "compression/error_feedback.hpp"
#include "compression/half.hpp"
#include "compression/qsgd.hpp"
#include "compression/sign.hpp"
#include "compression/top_k.hpp"
#include "tests/support/catch.hpp"
#include "vectors.hpp"

using namespace lockstep;
using namespace lockstep::compression;
using test::Floats;

namespace {

Floats values_of(std::span<const float> view) {
    return {view.begin(), view.end()};
}

/// Integers of -8 .. 8, whose sums and differences are exact.
Floats small_integers(std::size_t size, std::uint32_t index) {
    Floats vector = test::uniform(size, index);
    for (float& value : vector) value = std::round(value * 8);
    return vector;
}

/// Runs `rounds` rounds of `workers` with integer updates and returns x_t - (1/workers) sum m_t + sum of mean
/// updates, where x starts from 0 and follows the mean of the decoded codes. Scaled by the number of workers.
Floats defect(Codec& codec, std::size_t workers, std::uint32_t rounds) {
    constexpr std::size_t size = 50;
    std::vector<ErrorFeedback> memories;
    for (std::size_t w = 0; w < workers; ++w) memories.emplace_back(size);
    Floats code(codec.words(size));
    Floats x(size);
    for (std::uint32_t round = 0; round < rounds; ++round)
        for (std::size_t w = 0; w < workers; ++w) {
            const auto worker = static_cast<std::uint32_t>(w);
            const Floats update = small_integers(size, 100 * round + worker);
            base::RandomStream draws(5, base::Purpose::test, worker, round);
            memories[w].add(update);
            base::descend(x, memories[w].encode(codec, draws, code), 1);
            base::add(x, update);
        }
    for (const ErrorFeedback& memory : memories) base::descend(x, memory.owed(), 1);
    return x;
}

}  // namespace

TEST_CASE("the example: what was not sent is sent later") {
    TopK one(0.5);
    ErrorFeedback memory(2);
    base::RandomStream draws(1, base::Purpose::test);
    Floats code(2);
    CHECK(values_of(memory.add(Floats{3, 2})) == Floats{3, 2});
    CHECK(values_of(memory.encode(one, draws, code)) == Floats{3, 0});
    CHECK(values_of(memory.owed()) == Floats{0, 2});
    CHECK(values_of(memory.add(Floats{0, 2})) == Floats{0, 4});
    CHECK(values_of(memory.encode(one, draws, code)) == Floats{0, 4});
    CHECK(values_of(memory.owed()) == Floats{0, 0});
}

TEST_CASE("x_t - mean m_t is x_0 - the sum of mean updates, exactly on integers, with any code of integers") {
    TopK sparse(0.1);
    CHECK(defect(sparse, 3, 20) == Floats(50));
    Sign sign;
    CHECK(defect(sign, 3, 20) == Floats(50));
    Float16 half;
    CHECK(defect(half, 2, 20) == Floats(50));
}

TEST_CASE("with a code of any values it holds up to rounding") {
    Qsgd quantised(8);
    for (const float value : defect(quantised, 3, 20)) CHECK(std::abs(value) < 1e-3);
}

TEST_CASE("nothing is owed after an exact code") {
    TopK all(1);
    ErrorFeedback memory(100);
    base::RandomStream draws(1, base::Purpose::test);
    Floats code(all.words(100));
    for (std::uint32_t round = 0; round < 3; ++round) {
        memory.add(test::uniform(100, round));
        CHECK(values_of(memory.encode(all, draws, code)) == test::uniform(100, round));
        CHECK(values_of(memory.owed()) == Floats(100));
    }
}

TEST_CASE("what others have taken it for can be given instead of encoding") {
    ErrorFeedback memory(2);
    memory.add(Floats{3, 2});
    memory.subtract(Floats{1, 4});
    CHECK(values_of(memory.owed()) == Floats{2, -2});
}
