#include <memory>
#include <vector>

#include "compression/error_feedback.hpp"
#include "compression/half.hpp"
#include "compression/power_sgd.hpp"
#include "compression/qsgd.hpp"
#include "compression/sign.hpp"
#include "compression/top_k.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/data/allocations.hpp"
#include "vectors.hpp"

using namespace lockstep;
using namespace lockstep::compression;
using test::Floats;

TEST_CASE("nothing is allocated from the second vector on") {
    std::vector<std::unique_ptr<Codec>> codecs;
    codecs.push_back(std::make_unique<TopK>(0.1));
    codecs.push_back(std::make_unique<Qsgd>(4));
    codecs.push_back(std::make_unique<Sign>());
    codecs.push_back(std::make_unique<Float16>());
    codecs.push_back(std::make_unique<Bfloat16>());
    const Floats update = test::uniform(5000, 1);
    for (const auto& codec : codecs) {
        base::RandomStream draws(1, base::Purpose::test);
        ErrorFeedback memory(update.size());
        Floats code(codec->words(update.size()));
        memory.add(update);
        memory.encode(*codec, draws, code);
        const test::Allocations watch;
        memory.add(update);
        memory.encode(*codec, draws, code);
        const std::size_t count = watch.count();
        CHECK(count == 0);
    }
}

TEST_CASE("a round of PowerSGD allocates nothing") {
    const std::vector<base::Block> blocks{{0, 300, 784}, {235200, 1, 300}, {235500, 10, 300}};
    PowerSgd power(blocks, 3, {1, base::Purpose::test});
    const Floats vector = test::uniform(power.layout().values(), 1);
    Floats left(power.layout().left_values());
    Floats right(power.layout().right_values());
    Floats decoded(vector.size());
    const test::Allocations watch;
    power.left_factors(vector, left);
    power.orthonormalise(left);
    power.right_factors(vector, left, right);
    power.decode(left, right, decoded);
    power.warm_start(right);
    const std::size_t count = watch.count();
    CHECK(count == 0);
}
