// How messages share a link, whatever their latencies.
#include <fmt/format.h>

#include "tests/simulation/flows.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"

namespace test_sharing {

using namespace lockstep;
using scenario::Config;
using scenario::NetworkModel;
using scenario::Sharing;
using scenario::Topology;
using simulation::Flow;
using simulation::Message;

namespace {

constexpr double moment_s = 1;
constexpr std::size_t n = 100'000;
constexpr double bytes = 4 * n + simulation::envelope_B;

/// When each message is delivered, counted from the moment at which all are sent.
std::vector<double> delivered(const Config& config, const std::vector<Message>& messages) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        return std::vector{simulation::exchange(communicator, config, messages, moment_s)};
    });
    std::vector<double> times_s;
    for (const Message& message : messages) times_s.push_back(ranks[message.from][0]);
    return times_s;
}

void check(const std::vector<double>& times_s, const std::vector<double>& expected_s) {
    REQUIRE(times_s.size() == expected_s.size());
    for (std::size_t i = 0; i < times_s.size(); ++i) {
        CAPTURE(i);
        CHECK(times_s[i] == Approx(expected_s[i]).epsilon(1e-9));
    }
}

Config network_of(Topology topology, std::size_t workers) {
    Config config = support::star_of(workers);
    config.topology = topology;
    config.latency_s = 1e-3;
    config.bandwidth_Bps = 1e8;
    config.backbone_bandwidth_Bps = 1e8;
    return config;
}

/// A star whose workers 1, 2 ... have these latencies and worker 0 has none: to it, half of them remains.
Config star_around(const std::vector<double>& to_0_s) {
    Config config = network_of(Topology::star, to_0_s.size() + 1);
    config.latencies_s = {0};
    for (const double latency_s : to_0_s) config.latencies_s.push_back(2 * latency_s);
    return config;
}

std::vector<Message> all_to_0(std::size_t senders) {
    std::vector<Message> messages;
    for (std::size_t i = 1; i <= senders; ++i) messages.push_back({i, 0, n});
    return messages;
}

/// Whether a run by rtt is an error.
bool refused(Config config) {
    config.sharing = Sharing::rtt;
    const auto run =
        support::simulate_in_child(config, [](comm::Communicator&) { return std::vector<double>{}; });
    return run.failure && run.failure->type == "InputError" &&
           run.failure->message.find("--sharing: given 'rtt'") == 0;
}

}  // namespace

TEST_CASE("two messages of unequal latency have half of a link each while both flow") {
    const double whole_s = bytes / 1e8;
    const double later_s = GENERATE(1e-9, 1e-6, 1e-3);
    const double sooner_s = GENERATE(0.0, 1e-9, 50e-6);
    if (later_s <= sooner_s) return;
    CAPTURE(sooner_s, later_s);
    // The first is alone for the difference, the second at the end for as long.
    check(delivered(star_around({sooner_s, later_s}), all_to_0(2)),
          {sooner_s + 2 * whole_s - (later_s - sooner_s), sooner_s + 2 * whole_s});
}

TEST_CASE("any number of messages share a link equally, with none, small and large latencies") {
    const std::vector<double> latencies_s{0, 1e-6, 3e-3, 0, 50e-6, 0.2e-3};
    std::vector<Flow> flows;
    for (const double latency_s : latencies_s) flows.push_back({latency_s, bytes, {0}});
    check(delivered(star_around(latencies_s), all_to_0(latencies_s.size())),
          simulation::ends_of(flows, {1e8}));
}

TEST_CASE("what a message cannot use because of its own link goes to the others") {
    Config config = star_around({0, 1e-6, 2e-3});
    config.bandwidths_Bps = {1e8, 1e8, 2e7, 1e8};
    check(delivered(config, all_to_0(3)),
          simulation::ends_of({{0, bytes, {0}}, {1e-6, bytes, {0, 1}}, {2e-3, bytes, {0}}}, {1e8, 2e7}));
}

TEST_CASE("the backbone is shared equally by messages of any pairs") {
    Config config = network_of(Topology::shared, 6);
    config.latencies_s = {0, 0, 1e-3, 3e-3, 4e-6, 0};
    check(delivered(config, {{0, 1, n}, {2, 3, n}, {5, 4, n}}),
          simulation::ends_of({{0, bytes, {0}}, {2e-3, bytes, {0}}, {2e-6, bytes, {0}}}, {1e8}));
}

TEST_CASE("messages within a cluster and across the backbone share a worker's link equally") {
    Config config = network_of(Topology::two_clusters, 6);
    config.latency_s = GENERATE(0.0, 1e-3);
    config.backbone_latency_s = 5e-3;
    const double near_s = config.latency_s;
    const double far_s = near_s + 5e-3;
    check(delivered(config, {{1, 0, 4 * n}, {3, 0, n}, {4, 0, 2 * n}}),
          simulation::ends_of(
              {{near_s, 16.0 * n + 16, {0}}, {far_s, bytes, {0, 1}}, {far_s, 8.0 * n + 16, {0, 1}}},
              {1e8, 1e8}));
}

TEST_CASE("long and short ways through a torus and a fat tree share a link equally") {
    Config config = network_of(Topology::torus, 8);
    config.topology_shape = std::string("8");
    // Along a ring: 0 to 3 takes three links, 2 to 3 the last of them.
    check(delivered(config, {{0, 3, n}, {2, 3, n}}),
          simulation::ends_of({{1.5e-3, bytes, {0}}, {0.5e-3, bytes, {0}}}, {1e8}));
    config = network_of(Topology::fat_tree, 16);
    config.topology_shape = "2;4,4;1,2;1,2";
    check(delivered(config, {{15, 0, n}, {1, 0, n}}),
          simulation::ends_of({{2e-3, bytes, {0}}, {1e-3, bytes, {0}}}, {1e8}));
}

TEST_CASE("jitter moves the start of a message, not its share") {
    Config config = star_around({1e-6, 1e-3, 0, 0.3e-3});
    config.jitter = base::Distribution::parse("", "lognormal:0.5");
    // The draws are those of a message's number, so a short one tells the latency of a long one.
    std::vector<Message> small = all_to_0(4);
    for (Message& message : small) message.values = 1;
    Config apart = config;
    apart.bandwidth_Bps = 1e15;
    const std::vector<double> latencies_s = delivered(apart, small);
    CHECK(latencies_s[1] != Approx(1e-3).epsilon(1e-3));
    std::vector<Flow> flows;
    for (const double latency_s : latencies_s) flows.push_back({latency_s - 20 / 1e15, bytes, {0}});
    check(delivered(config, all_to_0(4)), simulation::ends_of(flows, {1e8}));
}

TEST_CASE("the models for TCP share equally as well, with their own factors") {
    const auto [model, latency_factor, bandwidth_factor] = GENERATE(table<NetworkModel, double, double>(
        {{NetworkModel::lv08, 13.01, 0.97}, {NetworkModel::smpi, 11.6436, 0.940694}}));
    Config config = star_around({0, 1e-6, 1e-4});
    config.network_model = model;
    config.bandwidths_Bps = {1e8, 1e8, 1e9, 5e8};
    config.latency_factor = fmt::format("{}", latency_factor);
    config.bandwidth_factor = fmt::format("{}", bandwidth_factor);
    std::vector<Flow> flows;
    for (const double latency_s : {0.0, 1e-6, 1e-4})
        flows.push_back({latency_factor * latency_s, bytes / bandwidth_factor, {0}});
    check(delivered(config, all_to_0(3)), simulation::ends_of(flows, {1e8}));
}

TEST_CASE("by rtt messages share in proportion to 1 / latency") {
    Config config = star_around({1e-6, 3e-6, 10e-6});
    config.sharing = Sharing::rtt;
    std::vector<Flow> flows;
    for (const double latency_s : {1e-6, 3e-6, 10e-6})
        flows.push_back({latency_s, bytes, {0}, 1 / latency_s});
    check(delivered(config, all_to_0(3)), simulation::ends_of(flows, {1e8}));
}

TEST_CASE("by rtt all routes have a latency, or none has") {
    CHECK(refused(star_around({0, 1e-6})));
    CHECK_FALSE(refused(star_around({1e-6, 1e-6})));
    CHECK_FALSE(refused(star_around({0, 0})));
    Config config = network_of(Topology::shared, 4);
    config.latency_s = 0;
    CHECK_FALSE(refused(config));
    config.latencies_s = {0, 0, 1e-3, 0};
    CHECK(refused(config));
    config.backbone_latency_s = 1e-6;
    CHECK_FALSE(refused(config));
    config.topology = Topology::two_clusters;
    CHECK(refused(config));
}

TEST_CASE("by rtt only routes that the method uses count") {
    using scenario::Method;
    // A route has half of what its two ends have: to a server of 2 ms, at least 1 ms.
    Config config = network_of(Topology::star, 4);
    config.server_latency_s = 2e-3;
    config.latencies_s = GENERATE(std::vector<double>{0, 0, 0, 0}, std::vector<double>{0, 0, 2e-3, 0});
    for (const Method method : {Method("by-arrival"), Method("softsync"), Method("dc-asgd")}) {
        config.method = method;
        config.servers = method == Method("dc-asgd") ? 2 : 1;
        CHECK_FALSE(refused(config));
    }
    config.server_latency_s = 0;
    CHECK(refused(config) == (config.latencies_s[2] > 0));
}

TEST_CASE("by rtt workers who never meet have no route") {
    using scenario::Collective;
    using scenario::Method;
    Config config = network_of(Topology::star, 4);
    config.latencies_s = {0, 1e-3, 0, 1e-3};  // along the ring 0.5 ms each; 0 and 2 would have none
    config.collective = Collective("ring");
    for (const Method method :
         {Method("allreduce"), Method("in-turn"), Method("gossip"), Method("ad-psgd")}) {
        config.method = method;
        CHECK_FALSE(refused(config));
    }
    config.method = Method("gossip");
    config.graph = scenario::Graph("complete");
    CHECK(refused(config));
    config.method = Method("allreduce");
    config.collective = Collective("recursive-doubling");
    CHECK(refused(config));
    config.latencies_s = {0, 1e-3, 1e-3, 0};  // 0 and 3 meet at no distance
    CHECK_FALSE(refused(config));
    config.collective = Collective("flat");
    CHECK(refused(config));
    config.latencies_s = {1e-3, 0, 0, 0};
    CHECK_FALSE(refused(config));
    // Leaders 0 and 2 are far, members near.
    config.method = Method("hierarchical");
    config.groups = 2;
    config.collective = Collective("tree");
    config.latencies_s = {1e-3, 0, 1e-3, 0};
    CHECK_FALSE(refused(config));
    config.latencies_s = {0, 1e-3, 0, 1e-3};
    CHECK(refused(config));
}

TEST_CASE("where all latencies are equal the sharing changes no bit of a run") {
    Config config =
        simulation::steps_of(simulation::phantom(scenario::Method("by-arrival"), 5, 1e5, 1e6), 10);
    config.variability = base::Distribution::parse("", "lognormal:0.5");
    config.network_model = GENERATE(NetworkModel::cm02, NetworkModel::lv08, NetworkModel::smpi);
    const auto equal = simulation::whole_run(config);
    config.sharing = Sharing::rtt;
    CHECK(simulation::whole_run(config).summary.elapsed_s == equal.summary.elapsed_s);
}

TEST_CASE("a microsecond of latency costs a run about a microsecond a message") {
    Config config = simulation::steps_of(simulation::phantom(scenario::Method("in-turn"), 3, 1e6, 1e6), 20);
    config.collective = scenario::Collective("flat");
    config.method = scenario::Method("sync-average");
    config.latencies_s = {0, 0, 0};
    const double without_s = simulation::whole_run(config).summary.elapsed_s;
    config.latencies_s = {0, 0, 1e-6};
    const double with_s = simulation::whole_run(config).summary.elapsed_s;
    CHECK(with_s > without_s);
    CHECK(with_s < without_s + 20 * 3 * 1e-6);
}

}  // namespace test_sharing
