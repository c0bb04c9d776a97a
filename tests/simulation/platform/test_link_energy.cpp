// A link's joules are idle watts times seconds and what its load adds to them, at every moment.
#include "tests/simulation/platform/link_energy.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"

namespace test_link_energy {

using namespace lockstep;
using scenario::Config;
using scenario::Method;
using scenario::NetworkModel;
using scenario::Topology;
using simulation::B;
using simulation::busy_W;
using simulation::idle_W;
using simulation::Message;
using simulation::network_of;
using simulation::powered;
using simulation::used_J;

namespace {

/// What so many bytes through so many links of bandwidth B add to so many idle links.
double expected_J(double after_s, std::size_t links, double bytes_times_links) {
    return idle_W * after_s * static_cast<double>(links) + (busy_W - idle_W) * bytes_times_links / B;
}

}  // namespace

TEST_CASE("a message loads its links while it flows: not in its latency, and as far as it has come") {
    const Config config = network_of(Topology::star, 3);
    constexpr std::size_t n = 100'000;  // 4.00016 ms after 1 ms
    const auto [after_s, carried] = GENERATE(table<double, double>(
        {{0.5e-3, 0}, {1e-3, 0}, {2e-3, 1e5}, {4.5e-3, 3.5e5}, {5.00016e-3, 4e5 + 16}, {1, 4e5 + 16}}));
    CAPTURE(after_s);
    CHECK(used_J(config, {{0, 1, n}}, after_s) == Approx(expected_J(after_s, 6, 2 * carried)).epsilon(1e-9));
}

TEST_CASE("messages that share a link load it, and their own links in part, as shares change") {
    Config config = network_of(Topology::star, 5);
    config.latencies_s = {0, 2e-3, 4e-3, 0, 0};
    // To 0 along the same link, from 1 after 1 ms, from 2 after 2 ms; from 3 to 2, alone, at once.
    const std::vector<Message> messages{{1, 0, 100'000}, {2, 0, 25'000}, {3, 2, 50'000}};
    const auto [after_s, to_0, from_3] = GENERATE(table<double, double, double>({
        {1.5e-3, 0.5e5, 0.0},
        {2.5e-3, 1.5e5, 0.5e5},
        {5.5e-3, 4.5e5, 2e5 + 16},
        {1, 5e5 + 32, 2e5 + 16},
    }));
    CAPTURE(after_s);
    CHECK(used_J(config, messages, after_s) ==
          Approx(expected_J(after_s, 10, 2 * (to_0 + from_3))).epsilon(1e-9));
}

TEST_CASE("every link on the way of a message is loaded, on all networks") {
    constexpr std::size_t n = 10'000;
    const auto used_by = [](const Config& config, std::size_t from, std::size_t to) {
        return used_J(config, {{from, to, n}}, 0.1) - used_J(config, {}, 0.1);
    };
    const auto of_links = [](double links) { return (busy_W - idle_W) * links * (4 * n + 16) / B; };
    CHECK(used_by(network_of(Topology::shared, 4), 0, 1) == Approx(of_links(3)).epsilon(1e-9));
    CHECK(used_by(network_of(Topology::two_clusters, 4), 0, 1) == Approx(of_links(2)).epsilon(1e-9));
    CHECK(used_by(network_of(Topology::two_clusters, 4), 0, 2) == Approx(of_links(3)).epsilon(1e-9));
    Config config = network_of(Topology::torus, 8);
    config.topology_shape = std::string("8");
    CHECK(used_by(config, 0, 3) == Approx(of_links(3)).epsilon(1e-9));
    config = network_of(Topology::fat_tree, 16);
    config.topology_shape = "2;4,4;1,2;1,2";
    CHECK(used_by(config, 0, 1) == Approx(of_links(2)).epsilon(1e-9));
    CHECK(used_by(config, 0, 14) == Approx(of_links(4)).epsilon(1e-9));
    // Half duplex: both directions have their load; what they share has no power of its own.
    config = network_of(Topology::star, 3);
    config.duplex = 1;
    CHECK(used_by(config, 0, 1) == Approx(of_links(2)).epsilon(1e-9));
    // A host's memory has no power.
    config = network_of(Topology::star, 3);
    config.workers_per_host = 2;
    CHECK(used_by(config, 0, 1) == Approx(0).margin(1e-12));
}

TEST_CASE("a slower link is loaded in full, the others in part") {
    Config config = network_of(Topology::star, 3);
    config.bandwidths_Bps = {B, B / 4, B};
    constexpr double bytes = 4e5 + 16;
    CHECK(used_J(config, {{0, 1, 100'000}}, 0.1) ==
          Approx(expected_J(0.1, 6, bytes + 4 * bytes)).epsilon(1e-9));
}

TEST_CASE("factors of bandwidth and acknowledgements are load") {
    Config config = network_of(Topology::star, 3);
    constexpr double bytes = 4e5 + 16;
    config.bandwidth_factor = "0.5";
    CHECK(used_J(config, {{0, 1, 100'000}}, 0.1) ==
          Approx(expected_J(0.1, 6, 2 * bytes / 0.5)).epsilon(1e-9));
    config.bandwidth_factor.clear();
    config.network_model = NetworkModel::lv08;
    CHECK(used_J(config, {{0, 1, 100'000}}, 0.1) ==
          Approx(expected_J(0.1, 6, 2 * 1.05 * bytes / 0.97)).epsilon(1e-9));
}

TEST_CASE("a phantom of 1000 values at 10 ms of latency: by hand") {
    Config config = simulation::steps_of(simulation::phantom(Method("allreduce"), 2, 1000, 1e6), 20);
    config.latency_s = 10e-3;
    config.link_busy_power_W = 2;
    // A round of two messages, through two links each: 2 W x 4 x 4016 B / 125 MB/s.
    CHECK(simulation::whole_run(config).summary.link_energy_J ==
          Approx(20 * 2 * 4 * 4016 / 1.25e8).epsilon(1e-9));
}

namespace {

/// 4 workers, with a server where the method has one: rounds of unlike steps, on a star.
Config run_of(Method method) {
    Config config = simulation::steps_of(
        simulation::phantom(method, method == Method("serial") ? 1 : 4, 20'000, 1e6), 20);
    config.variability = base::Distribution::parse("", "lognormal:0.5");
    config.link_busy_power_W = 5;
    return config;
}

/// Far and near workers; messages of any length leave at once; no two take equally long.
Config unlike(Config config) {
    config.latencies_s = {200e-3, 1e-3, 5e-3, 1e-3};
    config.latencies_s.resize(config.workers);
    config.eager_limit_B = 1e9;
    config.jitter = base::Distribution::parse("", "lognormal:0.5");
    config.message_overhead_s = 3e-6;
    return config;
}

}  // namespace

TEST_CASE("a run's links use what its messages carry, from its start to its end, with every method") {
    const double link_idle_W = GENERATE(0.0, 2.0, 5.0);
    const bool are_unlike = GENERATE(false, true);
    for (const scenario::Method& traits : scenario::Method::all()) {
        Config config = run_of(traits);
        if (are_unlike) config = unlike(config);
        config.link_idle_power_W = link_idle_W;
        const auto result = simulation::whole_run(config);
        CAPTURE(traits.name(), link_idle_W, are_unlike);
        const double bytes = static_cast<double>(result.summary.bytes.value()) +
                             simulation::envelope_B * static_cast<double>(result.summary.messages.value());
        const double idle_J =
            link_idle_W * 2 * static_cast<double>(scenario::rank_count(config)) * result.summary.elapsed_s;
        const double carried_J = (5 - link_idle_W) * 2 * bytes / config.bandwidth_Bps;
        CHECK(result.summary.link_energy_J == Approx(idle_J + carried_J).epsilon(1e-9).margin(1e-12));
    }
}

TEST_CASE("a worker that stops for good leaves the energy of links until then") {
    Config config = powered(simulation::steps_of(simulation::phantom(Method("allreduce"), 2, 1000, 5e6), 20));
    config.failures = {{1, 10e-3}};
    const auto result = simulation::whole_run(config);
    CHECK(result.summary.outcome == result::Outcome::stalled);
    const auto rounds = static_cast<double>(result.workers[1].steps);
    CHECK(rounds > 0);
    CHECK(result.summary.link_energy_J ==
          Approx(idle_W * 4 * result.summary.elapsed_s + 3 * rounds * 4 * 4016 / 1.25e8).epsilon(0.02));
}

TEST_CASE("measuring changes no bit of a run") {
    Config config = simulation::steps_of(simulation::phantom(Method("by-arrival"), 4, 20'000, 1e6), 20);
    config.variability = base::Distribution::parse("", "lognormal:0.5");
    const double elapsed_s = simulation::whole_run(config).summary.elapsed_s;
    CHECK(simulation::whole_run(powered(config)).summary.elapsed_s == elapsed_s);
}

}  // namespace test_link_energy
