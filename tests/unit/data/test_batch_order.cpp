#include <algorithm>
#include <numeric>

#include "base/random.hpp"
#include "data/batch_order.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/data/idx_files.hpp"

using namespace lockstep;
using namespace lockstep::data;
using Catch::Matchers::ContainsSubstring;
using test::refusal;
using Indices = std::vector<std::uint32_t>;

namespace {

constexpr std::uint64_t seed = 42;
constexpr std::optional<std::size_t> all;

Indices permutation(std::uint32_t size, std::uint32_t index, std::uint32_t epoch) {
    Indices result(size);
    std::iota(result.begin(), result.end(), 0U);
    base::RandomStream(seed, base::Purpose::batch_order, index, epoch).shuffle(result);
    return result;
}

Indices sorted(Indices indices) {
    std::ranges::sort(indices);
    return indices;
}

Indices round_of(const BatchOrder& order, std::size_t worker, std::size_t epoch, std::size_t round) {
    const Indices epoch_indices = order.epoch_indices(worker, epoch);
    const auto part = order.round_indices(epoch_indices, round);
    return {part.begin(), part.end()};
}

}  // namespace

TEST_CASE("shard: the worked example, 11 samples, 2 workers, batches of 2") {
    const BatchOrder order(Partition::shard, 11, 2, 2, seed);
    CHECK(order.samples_per_epoch() == 5);
    CHECK(order.rounds_per_epoch() == 3);
    CHECK(order.batch_size(0) == 2);
    CHECK(order.batch_size(1) == 2);
    CHECK(order.batch_size(2) == 1);
    for (std::uint32_t epoch = 0; epoch < 3; ++epoch) {
        const Indices p = permutation(11, 0, epoch);
        CHECK(order.epoch_indices(0, epoch) == Indices{p[0], p[1], p[4], p[5], p[8]});
        CHECK(order.epoch_indices(1, epoch) == Indices{p[2], p[3], p[6], p[7], p[9]});
        CHECK(round_of(order, 1, epoch, 1) == Indices{p[6], p[7]});
        CHECK(round_of(order, 1, epoch, 2) == Indices{p[9]});
    }
}

TEST_CASE("replicate: every worker has all samples in an order of its own") {
    const BatchOrder order(Partition::replicate, 5, 3, 2, seed);
    CHECK(order.samples_per_epoch() == 5);
    CHECK(order.rounds_per_epoch() == 3);
    CHECK(order.batch_size(1) == 2);
    CHECK(order.batch_size(2) == 1);
    for (std::uint32_t worker = 0; worker < 3; ++worker)
        for (std::uint32_t epoch = 0; epoch < 2; ++epoch)
            CHECK(order.epoch_indices(worker, epoch) == permutation(5, worker + 1, epoch));
    CHECK(round_of(order, 1, 0, 2) == Indices{permutation(5, 2, 0)[4]});
    const BatchOrder large(Partition::replicate, 1000, 2, 100, seed);
    CHECK(large.epoch_indices(0, 0) != large.epoch_indices(1, 0));
}

TEST_CASE("shard: workers share an epoch's samples without overlap and leave out N mod c") {
    const std::size_t samples = GENERATE(1U, 7U, 60U, 101U);
    const std::size_t workers = GENERATE(1U, 2U, 3U, 5U, 7U);
    const std::size_t batch = GENERATE(1U, 3U, 8U);
    if (samples / workers < batch) return;
    const BatchOrder order(Partition::shard, samples, workers, batch, seed);
    Indices used;
    for (std::size_t worker = 0; worker < workers; ++worker) {
        const Indices mine = order.epoch_indices(worker, 4);
        CHECK(mine.size() == samples / workers);
        used.insert(used.end(), mine.begin(), mine.end());
    }
    Indices dealt = permutation(static_cast<std::uint32_t>(samples), 0, 4);
    dealt.resize(samples - samples % workers);
    CHECK(sorted(used) == sorted(dealt));
    std::size_t sum = 0;
    for (std::size_t round = 0; round < order.rounds_per_epoch(); ++round) sum += order.batch_size(round);
    CHECK(sum == order.samples_per_epoch());
}

TEST_CASE("shard: c workers with batches of b see what one worker with batches of c b sees") {
    const std::size_t samples = GENERATE(24U, 60U, 61U, 100U);
    const std::size_t workers = GENERATE(2U, 3U, 4U);
    const std::size_t batch = GENERATE(1U, 4U, 6U);
    const BatchOrder many(Partition::shard, samples, workers, batch, seed);
    const BatchOrder one(Partition::shard, samples, 1, workers * batch, seed);
    const std::size_t full_rounds = samples / (workers * batch);
    REQUIRE(full_rounds >= 1);
    for (std::size_t round = 0; round < full_rounds; ++round) {
        CHECK(many.batch_size(round) == batch);
        Indices together;
        for (std::size_t worker = 0; worker < workers; ++worker) {
            const Indices mine = round_of(many, worker, 2, round);
            together.insert(together.end(), mine.begin(), mine.end());
        }
        CHECK(together == round_of(one, 0, 2, round));
    }
}

TEST_CASE("no batch size is one round with the whole shard") {
    const BatchOrder shard(Partition::shard, 11, 2, all, seed);
    CHECK(shard.rounds_per_epoch() == 1);
    CHECK(shard.batch_size(0) == 5);
    CHECK(shard.largest_batch() == 5);
    const Indices p = permutation(11, 0, 0);
    CHECK(shard.epoch_indices(1, 0) == Indices(p.begin() + 5, p.begin() + 10));
    const BatchOrder replicate(Partition::replicate, 11, 2, all, seed);
    CHECK(replicate.rounds_per_epoch() == 1);
    CHECK(replicate.batch_size(0) == 11);
}

TEST_CASE("epochs and seeds have their own order") {
    const Partition partition = GENERATE(Partition::shard, Partition::replicate);
    const BatchOrder order(partition, 100, 2, 10, 1);
    CHECK(order.epoch_indices(0, 0) == order.epoch_indices(0, 0));
    CHECK(order.epoch_indices(0, 0) != order.epoch_indices(0, 1));
    CHECK(order.epoch_indices(0, 0) != BatchOrder(partition, 100, 2, 10, 2).epoch_indices(0, 0));
}

TEST_CASE("a batch must fit into a shard") {
    CHECK_NOTHROW(BatchOrder(Partition::shard, 100, 3, 33, seed));
    CHECK_THAT(
        refusal([] { BatchOrder(Partition::shard, 100, 3, 34, seed); }),
        ContainsSubstring("--batch: given '34'; allowed: 1 to 33") && ContainsSubstring("fewer workers"));
    CHECK_THAT(refusal([] { BatchOrder(Partition::shard, 100, 3, 0, seed); }),
               ContainsSubstring("--batch: given '0'"));
    CHECK_NOTHROW(BatchOrder(Partition::replicate, 100, 3, 100, seed));
    CHECK_THAT(refusal([] { BatchOrder(Partition::replicate, 100, 3, 101, seed); }),
               ContainsSubstring("--batch: given '101'; allowed: 1 to 100"));
}

TEST_CASE("there must be a sample for every worker") {
    CHECK_NOTHROW(BatchOrder(Partition::shard, 3, 3, all, seed));
    CHECK_THAT(
        refusal([] { BatchOrder(Partition::shard, 3, 4, all, seed); }),
        ContainsSubstring("--workers: given '4'; allowed: 1 to 3") && ContainsSubstring("--train-samples"));
    CHECK_NOTHROW(BatchOrder(Partition::replicate, 3, 4, all, seed));
    const Partition partition = GENERATE(Partition::shard, Partition::replicate);
    CHECK_THAT(refusal([&] { BatchOrder(partition, 3, 0, all, seed); }),
               ContainsSubstring("--workers: given '0'"));
}
