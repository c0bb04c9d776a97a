#include "run/kept_dataset.hpp"
#include "run/problem.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace lockstep;

scenario::Config config_with_seed(std::uint64_t seed) {
    scenario::Config config;
    config.train_samples = 200;
    config.test_samples = 20;
    config.seed = seed;
    return config;
}

}  // namespace

TEST_CASE("data are kept from the second run in a row that asks for them, and are what it would load") {
    run::KeptDataset kept;
    const scenario::Config config = config_with_seed(1);
    kept.expect(config);
    CHECK(kept.of(config) == nullptr);
    kept.expect(config);
    const auto dataset = kept.of(config);
    REQUIRE(dataset);
    CHECK(dataset->train.pixels == run::load_dataset(config)->train.pixels);
    CHECK(dataset->description == run::load_dataset(config)->description);
    kept.expect(config);
    CHECK(kept.of(config) == dataset);
    CHECK(run::read_problem(config, kept.of(config)).dataset == dataset);
}

TEST_CASE("data of other runs are not taken for those of this one") {
    run::KeptDataset kept;
    for (int i = 0; i < 2; ++i) kept.expect(config_with_seed(1));
    kept.expect(config_with_seed(2));
    CHECK(kept.of(config_with_seed(2)) == nullptr);
    CHECK(kept.of(config_with_seed(1)) == nullptr);
    kept.expect(config_with_seed(2));
    REQUIRE(kept.of(config_with_seed(2)));
    scenario::Config other = config_with_seed(2);
    SECTION("fewer samples") {
        other.train_samples = 100;
    }
    SECTION("fewer to test on") {
        other.test_samples = 10;
    }
    SECTION("other data") {
        other.data = "mnist:elsewhere";
    }
    SECTION("kept elsewhere") {
        other.data_cache = "elsewhere";
    }
    CHECK(kept.of(other) == nullptr);
}

TEST_CASE("runs that need no data leave alone what is kept; data that cannot be loaded are left to the run") {
    run::KeptDataset kept;
    for (int i = 0; i < 2; ++i) kept.expect(config_with_seed(1));
    scenario::Config timing = config_with_seed(1);
    timing.numerics = scenario::Numerics::none;
    kept.expect(timing);
    CHECK(kept.of(timing) == nullptr);
    CHECK(kept.of(config_with_seed(1)));
    scenario::Config missing = config_with_seed(1);
    missing.data = "mnist:nowhere";
    for (int i = 0; i < 3; ++i) kept.expect(missing);
    CHECK(kept.of(missing) == nullptr);
}
