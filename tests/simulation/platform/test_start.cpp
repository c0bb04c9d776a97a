// The timed part begins for all ranks at one moment, however far apart they are, with nothing under way.
#include <algorithm>

#include "backend/backend.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/simulated_child.hpp"

namespace test_start {

using namespace lockstep;
using scenario::Config;
using scenario::Method;
using scenario::NetworkModel;
using scenario::Topology;

namespace {

/// Five workers of unlike latency where the topology lets them have it.
Config unlike(Topology topology) {
    Config config = support::star_of(5);
    config.topology = topology;
    config.latency_s = 2e-3;
    const bool has_access_links =
        topology == Topology::star || topology == Topology::shared || topology == Topology::two_clusters;
    if (has_access_links) config.latencies_s = {200e-3, 1e-3, 0, 5e-3, 1e-3};
    config.link_busy_power_W = 1;
    return config;
}

/// When each rank goes on from start_clock(), and the joules of links until a second later.
std::vector<std::vector<double>> started(const Config& config) {
    return support::simulate_values(config, [&](comm::Communicator& communicator) {
        communicator.barrier();
        backend::start_clock();
        const double start_s = communicator.now_s();
        backend::compute(config.speed_flops, [] {});
        return std::vector{start_s, backend::energy_used().value().links_J};
    });
}

}  // namespace

TEST_CASE("all ranks' clocks start at one moment, and nothing is under way then") {
    Config config = unlike(GENERATE(Topology::star, Topology::shared, Topology::two_clusters, Topology::torus,
                                    Topology::fat_tree, Topology::dragonfly));
    config.network_model = GENERATE(NetworkModel::cm02, NetworkModel::lv08, NetworkModel::smpi);
    config.eager_limit_B = GENERATE(0.0, 1e6);
    if (config.network_model == NetworkModel::cm02 && config.eager_limit_B > 0) {
        config.jitter = base::Distribution::parse("", "lognormal:1");
        config.message_overhead_s = 1e-4;
        config.workers_per_host = 2;
    }
    const auto ranks = started(config);
    for (const auto& rank : ranks) {
        CHECK(rank[0] == ranks[0][0]);
        CHECK(rank[1] == 0);
    }
}

TEST_CASE("servers start with the workers") {
    Config config = unlike(Topology::star);
    config.method = Method("dc-asgd");
    config.servers = 2;
    config.server_latency_s = 50e-3;
    const auto ranks = started(config);
    REQUIRE(ranks.size() == 7);
    for (const auto& rank : ranks) CHECK(rank[0] == ranks[0][0]);
}

TEST_CASE("what a scenario says of moments counts from that one: the far worker's failure neither") {
    Config config = simulation::steps_of(simulation::phantom(Method("by-arrival"), 4, 1000, 1e6), 20);
    config.latencies_s = {1e-3, 200e-3, 1e-3, 1e-3};
    config.failures = {{1, 10e-3}};
    const auto result = simulation::whole_run(config);
    CHECK(result.summary.outcome == result::Outcome::finished);
    CHECK(result.workers[1].steps * 10 < result.workers[0].steps);
    CHECK(result.workers[1].compute_s <= 10e-3);
}

TEST_CASE("ranks that meet again in the same instant meet all, and pass none") {
    constexpr int times = 5;
    const auto ranks = support::simulate_values(support::star_of(7), [](comm::Communicator& communicator) {
        std::vector<double> left_s;
        for (int i = 0; i < times; ++i) {
            backend::start_clock();
            backend::stop_clock();
            left_s.push_back(communicator.now_s());
            if (communicator.rank() == static_cast<std::size_t>(i)) backend::compute(1e6 * (i + 1), [] {});
        }
        return left_s;
    });
    for (const auto& rank : ranks) CHECK(rank == ranks.front());
    CHECK(std::ranges::is_sorted(ranks.front()));
}

}  // namespace test_start
