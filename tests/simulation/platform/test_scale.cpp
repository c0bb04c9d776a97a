// Many ranks, timing only.
#include <algorithm>

#include "comm/collectives/collective_cost.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/exchange_run.hpp"

namespace test_scale {

using namespace lockstep;

namespace {

scenario::Config timing_only(std::size_t ranks) {
    scenario::Config config = support::star_of(ranks);
    config.numerics = scenario::Numerics::none;
    return config;
}

support::Job job_of(std::uint64_t steps, std::size_t n) {
    return {.steps = steps,
            .start = std::vector<float>(n),
            .gradient = support::integer_gradient,
            .step_flops = 1e6};
}

/// Without gathering what happened: that alone is a million control messages.
double elapsed_s(const scenario::Config& config, const support::Job& job) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        support::FakeTraining training(communicator.rank(), config, job);
        support::RecordingJournal journal(communicator);
        communicator.barrier();
        const double start_s = communicator.now_s();
        support::train(communicator, config, training, journal, job.start);
        return std::vector{communicator.now_s() - start_s};
    });
    double latest_s = 0;
    for (const auto& rank : ranks) latest_s = std::max(latest_s, rank[0]);
    return latest_s;
}

}  // namespace

TEST_CASE("1024 workers average by recursive doubling in the time of the closed form") {
    scenario::Config config = timing_only(1024);
    config.collective = scenario::Collective("recursive-doubling");
    constexpr std::size_t n = 50890;
    const double allreduce_s = comm::recursive_doubling_cost(1024, n, simulation::link_cost(config)).time_s;
    const double round_s = (1e6 + n) / config.speed_flops + allreduce_s;
    CHECK(elapsed_s(config, job_of(2, n)) == Approx(2 * round_s).epsilon(1e-9));
}

TEST_CASE("256 workers pass a token round") {
    scenario::Config config = timing_only(256);
    config.method = scenario::Method("in-turn");
    constexpr std::size_t n = 1000;
    const double hop_s = 2 * n / config.speed_flops + simulation::message_s(config, n);
    // The token goes round twice, without its last hop, after the first worker's first step.
    const double expected_s = 1e6 / config.speed_flops + (2 * 256 - 1) * hop_s + 2 * n / config.speed_flops;
    CHECK(elapsed_s(config, job_of(2, n)) == Approx(expected_s).epsilon(1e-9));
}

TEST_CASE("256 workers and a server") {
    scenario::Config config = timing_only(256);
    config.method = scenario::Method("by-arrival");
    CHECK(elapsed_s(config, job_of(2, 1000)) > 2 * 1e6 / config.speed_flops);
}

}  // namespace test_scale
