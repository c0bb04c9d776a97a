// The time of arithmetic: operations / speed of the rank's own host.
#include "backend/backend.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/catch.hpp"

namespace test_compute {

using namespace lockstep;

namespace {

/// When each rank has done these operations, and what it says it has spent computing.
std::vector<std::vector<double>> compute_on_all(const scenario::Config& config, double flops) {
    return support::simulate_values(config, [&](comm::Communicator& communicator) {
        communicator.barrier();
        const double start_s = communicator.now_s();
        bool done = false;
        backend::compute(flops, [&] { done = true; });
        return std::vector{communicator.now_s() - start_s, backend::resource_use().compute_s,
                           backend::resource_use().cpu_s, done ? 1.0 : 0.0};
    });
}

}  // namespace

TEST_CASE("computing takes operations / speed, on all hosts at once") {
    scenario::Config config = support::star_of(3);
    config.speed_flops = 2e9;
    for (const auto& rank : compute_on_all(config, 5e9)) {
        CHECK(rank[0] == Approx(2.5).epsilon(1e-12));
        CHECK(rank[1] == Approx(2.5).epsilon(1e-12));
        CHECK(rank[2] == rank[1]);
        CHECK(rank[3] == 1);
    }
}

TEST_CASE("each worker has its own speed, a server the general one") {
    scenario::Config config = support::star_of(3);
    config.method = scenario::Method("by-arrival");
    config.speeds_flops = {1e9, 2e9, 8e9};
    config.speed_flops = 4e9;
    const auto ranks = compute_on_all(config, 8e9);
    REQUIRE(ranks.size() == 4);
    const double expected[] = {8, 4, 1, 2};
    for (std::size_t rank = 0; rank < 4; ++rank)
        CHECK(ranks[rank][0] == Approx(expected[rank]).epsilon(1e-12));
}

TEST_CASE("a rank uses one core of its host, however many there are") {
    scenario::Config config = support::star_of(2);
    config.cores = 4;
    for (const auto& rank : compute_on_all(config, 5e9)) CHECK(rank[0] == Approx(1).epsilon(1e-12));
}

TEST_CASE("no operations take no time, and are done all the same") {
    for (const auto& rank : compute_on_all(support::star_of(2), 0)) {
        CHECK(rank[0] == 0);
        CHECK(rank[3] == 1);
    }
}

TEST_CASE("events less than a microsecond apart stay apart") {
    scenario::Config config = support::star_of(4);
    config.speeds_flops = {1e9, 1e9 / 1.5, 1e9 / 2.25, 1e9 / 2.35};
    const auto ranks = compute_on_all(config, 1000);  // 1, 1.5, 2.25 and 2.35 microseconds
    for (std::size_t rank = 0; rank < 4; ++rank)
        CHECK(ranks[rank][0] == Approx(1000 / config.speeds_flops[rank]).epsilon(1e-6));
}

/// Rank 0 calculates in the thread of the simulation, meanwhile another thread takes on rank 1's longer
/// piece.
TEST_CASE("arithmetic is complete on return, and its exception reaches the caller, from every thread") {
    scenario::Config config = support::star_of(2);
    config.threads = GENERATE(as<std::size_t>(), 1, 2, 4);
    const double flops = GENERATE(1.0, 1e7);  // too little for a thread, and enough
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        const bool first = communicator.rank() == 0;
        const int rounds = first ? 2000000 : 10000000;
        volatile int done = 0;
        bool caught = false;
        try {
            backend::compute(flops, [&] {
                for (int i = 0; i < rounds; ++i) done = done + 1;
                if (!first) throw base::InputError("thrown on purpose");
            });
        } catch (const base::InputError& error) {
            caught = std::string(error.what()) == "thrown on purpose";
        }
        return std::vector{done == rounds ? 1.0 : 0.0, caught ? 1.0 : 0.0};
    });
    CHECK(ranks[0] == std::vector<double>{1, 0});
    CHECK(ranks[1] == std::vector<double>{1, 1});
}

}  // namespace test_compute
