// Joules are watts times seconds, counted from the start of the clock.
#include "backend/backend.hpp"
#include "tests/simulation/platform_file.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"

namespace test_energy {

using namespace lockstep;
using scenario::Config;

namespace {

/// Joules of hosts and links after rank 0 has computed and all others have idled for `busy_s`.
std::vector<double> used(const Config& config, double busy_s) {
    return support::simulate_values(config, [&](comm::Communicator& communicator) {
        communicator.barrier();
        backend::start_clock();
        if (communicator.rank() != 0) return std::vector<double>{};
        backend::compute(busy_s * config.speed_flops, [] {});
        const auto energy = backend::energy_used();
        return energy ? std::vector{energy->hosts_J, energy->links_J} : std::vector<double>{-1};
    })[0];
}

Config powered(std::size_t workers) {
    Config config = support::star_of(workers);
    config.idle_power_W = 40;
    config.busy_power_W = 100;
    return config;
}

}  // namespace

TEST_CASE("a busy and an idle host use their watts times the seconds") {
    const auto energy = used(powered(2), 3);
    CHECK(energy.at(0) == Approx(3 * 100 + 3 * 40).epsilon(1e-9));
    CHECK(energy.at(1) == 0);
}

TEST_CASE("one busy core of four takes a quarter of the way from idle to busy") {
    Config config = powered(2);
    config.cores = 4;
    CHECK(used(config, 2).at(0) == Approx(2 * (40 + 60.0 / 4) + 2 * 40).epsilon(1e-9));
}

TEST_CASE("idle links use their idle power, in both directions of every host's link") {
    Config config = powered(2);
    config.link_idle_power_W = 1;
    config.link_busy_power_W = 3;
    CHECK(used(config, 5).at(1) == Approx(5 * 1 * 2 * 2).epsilon(1e-9));
}

TEST_CASE("without powers there is no energy") {
    CHECK(used(support::star_of(2), 1) == std::vector<double>{-1});
}

TEST_CASE("a run's energy is that of its busy and idle time, also until the target and with a server") {
    Config config =
        simulation::steps_of(simulation::phantom(scenario::Method("by-arrival"), 3, 1000, 5e7), 20);
    config.idle_power_W = 40;
    config.busy_power_W = 100;
    if (GENERATE(false, true)) config.latencies_s = {200e-3, 1e-3, 5e-3};
    const auto result = simulation::whole_run(config);
    double expected_J = 0;
    for (const result::Worker& worker : result.workers)
        expected_J += 40 * result.summary.elapsed_s + 60 * worker.compute_s;
    CHECK(result.summary.energy_J == Approx(expected_J).epsilon(1e-9));
    CHECK(result.history.front().energy_J == Approx(0).margin(1e-9));
    CHECK(result.history.back().energy_J <= result.summary.energy_J);
}

TEST_CASE("a platform file's own powers count") {
    const simulation::PlatformFile file(R"(
        <host id="a" speed="1Gf"><prop id="wattage_per_state" value="10:20:20"/></host>
        <host id="b" speed="1Gf"/>
        <link id="l" bandwidth="125MBps" latency="50us"/>
        <route src="a" dst="b"><link_ctn id="l"/></route>)");
    Config config = support::star_of(2);
    config.platform = file.path();
    config.speed_flops = 1e9;
    CHECK(used(config, 4).at(0) == Approx(4 * 20).epsilon(1e-9));
}

}  // namespace test_energy
