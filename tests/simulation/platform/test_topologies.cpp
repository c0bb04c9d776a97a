// Generated networks: how long one message takes on each, and what meets where.
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/simulated_child.hpp"

namespace test_topologies {

using namespace lockstep;
using Catch::Matchers::ContainsSubstring;
using scenario::Config;
using scenario::Topology;

namespace {

constexpr std::size_t n = 100'000;

Config network_of(Topology topology, std::size_t workers) {
    Config config = support::star_of(workers);
    config.topology = topology;
    config.latency_s = 1e-3;
    config.bandwidth_Bps = 1e8;
    return config;
}

/// When each rank has what it waits for, if these pairs send at once.
std::vector<double> arrivals(const Config& config,
                             const std::vector<std::pair<std::size_t, std::size_t>>& pairs) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<float> vector(n);
        communicator.barrier();
        const double start_s = communicator.now_s();
        for (const auto& [from, to] : pairs) {
            if (communicator.rank() == from) communicator.send(vector, to);
            if (communicator.rank() == to) communicator.receive(vector, from);
        }
        return std::vector{communicator.now_s() - start_s};
    });
    std::vector<double> times;
    for (const auto& [from, to] : pairs) times.push_back(ranks[to][0]);
    return times;
}

double message_s(double latency_s, double bandwidth_Bps, double share = 1) {
    return latency_s + (4 * n + simulation::envelope_B) / (bandwidth_Bps * share);
}

std::string refusal(const Config& config) {
    const auto simulation =
        support::simulate_in_child(config, [](comm::Communicator&) { return std::vector<double>{}; });
    if (!simulation.failure) return "accepted";
    return fmt::format("{}: {}", simulation.failure->type, simulation.failure->message);
}

}  // namespace

TEST_CASE("star: each worker may have its own latency and bandwidth") {
    Config config = network_of(Topology::star, 4);
    for (const double time_s : arrivals(config, {{0, 1}, {2, 3}}))
        CHECK(time_s == Approx(message_s(1e-3, 1e8)).epsilon(1e-9));
    config.latencies_s = {1e-3, 3e-3, 1e-3, 1e-3};
    config.bandwidths_Bps = {1e8, 1e8, 5e7, 1e8};
    const auto times = arrivals(config, {{0, 1}, {2, 3}});
    CHECK(times[0] == Approx(message_s(2e-3, 1e8)).epsilon(1e-9));
    CHECK(times[1] == Approx(message_s(1e-3, 5e7)).epsilon(1e-9));
}

TEST_CASE("shared: messages of other pairs, in both directions, divide the backbone") {
    Config config = network_of(Topology::shared, 4);
    config.backbone_bandwidth_Bps = 1e8;
    config.backbone_latency_s = 2e-3;
    CHECK(arrivals(config, {{0, 1}})[0] == Approx(message_s(3e-3, 1e8)).epsilon(1e-9));
    for (const double time_s : arrivals(config, {{0, 1}, {3, 2}}))
        CHECK(time_s == Approx(message_s(3e-3, 1e8, 0.5)).epsilon(1e-9));
}

TEST_CASE("two clusters: only messages between them cross the backbone, each direction by itself") {
    Config config = network_of(Topology::two_clusters, 4);
    config.backbone_bandwidth_Bps = 1e7;
    config.backbone_latency_s = 5e-3;
    const auto inside = arrivals(config, {{0, 1}, {2, 3}});
    for (const double time_s : inside) CHECK(time_s == Approx(message_s(1e-3, 1e8)).epsilon(1e-9));
    for (const double time_s : arrivals(config, {{0, 2}, {3, 1}}))
        CHECK(time_s == Approx(message_s(6e-3, 1e7)).epsilon(1e-9));
    for (const double time_s : arrivals(config, {{0, 2}, {1, 3}}))
        CHECK(time_s == Approx(message_s(6e-3, 1e7, 0.5)).epsilon(1e-9));
}

TEST_CASE("torus, fat tree, dragonfly: a message takes half of the latency for each link on its way") {
    Config config = network_of(Topology::torus, 8);
    config.topology_shape = std::string("8");
    CHECK(arrivals(config, {{0, 1}})[0] == Approx(message_s(0.5e-3, 1e8)).epsilon(1e-9));
    CHECK(arrivals(config, {{0, 4}})[0] == Approx(message_s(4 * 0.5e-3, 1e8)).epsilon(1e-9));
    CHECK(arrivals(config, {{0, 7}})[0] == Approx(message_s(0.5e-3, 1e8)).epsilon(1e-9));
    config = network_of(Topology::fat_tree, 16);
    config.topology_shape = "2;4,4;1,2;1,2";
    CHECK(arrivals(config, {{0, 1}})[0] == Approx(message_s(2 * 0.5e-3, 1e8)).epsilon(1e-9));
    CHECK(arrivals(config, {{0, 15}})[0] == Approx(message_s(4 * 0.5e-3, 1e8)).epsilon(1e-9));
    config = network_of(Topology::dragonfly, 16);
    CHECK(arrivals(config, {{0, 1}})[0] == Approx(message_s(2 * 0.5e-3, 1e8)).epsilon(1e-9));
    CHECK(arrivals(config, {{0, 15}})[0] > message_s(2 * 0.5e-3, 1e8));
}

TEST_CASE("workers on one host talk through its memory") {
    Config config = network_of(GENERATE(Topology::star, Topology::torus, Topology::fat_tree), 4);
    config.workers_per_host = 2;
    config.loopback_latency_s = 1e-6;
    config.loopback_bandwidth_Bps = 1e9;
    CHECK(arrivals(config, {{0, 1}})[0] == Approx(message_s(1e-6, 1e9)).epsilon(1e-6));
    CHECK(arrivals(config, {{1, 2}})[0] >= message_s(0.5e-3, 1e8) * (1 - 1e-9));
}

TEST_CASE("the smallest shape is found, for any number of workers") {
    for (const auto topology : {Topology::torus, Topology::fat_tree, Topology::dragonfly})
        for (const std::size_t workers : {1U, 2U, 3U, 7U, 16U, 33U}) {
            CAPTURE(static_cast<int>(topology), workers);
            CHECK(refusal(network_of(topology, workers)) == "accepted");
        }
}

TEST_CASE("a shape that is malformed or too small is refused") {
    const auto with = [](Topology topology, const char* shape) {
        Config config = network_of(topology, 8);
        config.topology_shape = shape;
        return refusal(config);
    };
    CHECK_THAT(with(Topology::torus, "2x3"), ContainsSubstring("InputError: --topology-shape: given '2x3'") &&
                                                 ContainsSubstring("room for 6 hosts, the run needs 8"));
    CHECK_THAT(with(Topology::torus, "2xtwo"), ContainsSubstring("--topology-shape"));
    CHECK_THAT(with(Topology::fat_tree, "2;4,4;1,2"), ContainsSubstring("four parts"));
    CHECK_THAT(with(Topology::fat_tree, "2;4;1,2;1,2"), ContainsSubstring("as many numbers in each list"));
    CHECK_THAT(with(Topology::dragonfly, "3,4;3,2;3,1"), ContainsSubstring("three pairs and a number"));
    CHECK_THAT(with(Topology::dragonfly, "3,1;2,1;2,1;2"),
               ContainsSubstring("as many groups as a chassis has routers"));
    CHECK(with(Topology::dragonfly, "3,4;3,2;3,1;2") == "accepted");
    CHECK_THAT(with(Topology::torus, "1"), ContainsSubstring("room for 1"));
    CHECK(with(Topology::torus, "1x8x1") == "accepted");
}

TEST_CASE("factors multiply latency and bandwidth, by size where they say so") {
    Config config = network_of(Topology::star, 2);
    config.latency_factor = std::string("3");
    config.bandwidth_factor = "0.5";
    CHECK(arrivals(config, {{0, 1}})[0] == Approx(message_s(3e-3, 0.5e8)).epsilon(1e-9));
    config.latency_factor = "0:10;100000:2";
    CHECK(arrivals(config, {{0, 1}})[0] == Approx(message_s(2e-3, 0.5e8)).epsilon(1e-9));
}

TEST_CASE("each side of a message spends the overhead, and the sum is on top") {
    Config config = network_of(Topology::star, 2);
    config.message_overhead_s = 10e-3;
    // The sender's goes on while the receiver waits; the receiver's comes after the message.
    CHECK(arrivals(config, {{0, 1}})[0] == Approx(message_s(1e-3, 1e8) + 20e-3).epsilon(1e-9));
}

TEST_CASE("jitter scatters the latency of single messages around its mean, and repeats") {
    Config config = network_of(Topology::star, 2);
    config.jitter = base::Distribution::parse("", "shifted-exponential:0.5");
    const auto latencies = [&] {
        return support::simulate_values(config, [&](comm::Communicator& communicator) {
            std::vector<float> vector(1);
            std::vector<double> times;
            for (int i = 0; i < 400; ++i) {
                const double start_s = communicator.now_s();
                if (communicator.rank() == 0) communicator.send(vector, 1);
                if (communicator.rank() == 1) communicator.receive(vector, 0);
                times.push_back((communicator.now_s() - start_s) / config.latency_s);
            }
            return times;
        })[1];
    };
    const auto first = latencies();
    double sum = 0;
    double least = first[0];
    for (const double factor : first) {
        sum += factor;
        least = std::min(least, factor);
    }
    CHECK(sum / 400 == Approx(1).epsilon(3 * 0.5 / 20));
    CHECK(least >= 0.5);
    CHECK(least < 0.52);
    CHECK(latencies() == first);
}

}  // namespace test_topologies
