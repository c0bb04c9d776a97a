// What powers links have: by a platform file's properties, switched off, beside hosts that nobody uses.
#include <fmt/format.h>

#include "tests/simulation/platform/link_energy.hpp"
#include "tests/simulation/platform_file.hpp"
#include "tests/simulation/profile_file.hpp"
#include "tests/support/catch.hpp"

namespace test_link_powers {

using namespace lockstep;
using scenario::Config;
using scenario::Topology;
using simulation::B;
using simulation::busy_W;
using simulation::idle_W;
using simulation::Message;
using simulation::network_of;
using simulation::used_J;

namespace {

/// As used_J, on hosts a, b, c and d, the one that looks. From a to b, and through c's own half as fast link
/// from c to b, there is link l, of 1 ms, with these attributes and properties.
double used_on_file_J(const std::string& attributes, const std::string& properties,
                      const std::vector<Message>& messages, double after_s) {
    const simulation::PlatformFile file(fmt::format(
        R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/><host id="c" speed="1Gf"/><host id="d" speed="1Gf"/>
        <link id="l" bandwidth="100MBps" latency="1ms" {}><prop id="wattage_range" value="2:5"/>{}</link>
        <link id="m" bandwidth="100MBps" latency="0"/><link id="n" bandwidth="50MBps" latency="0"/>
        <route src="a" dst="b"><link_ctn id="l"/></route>
        <route src="c" dst="b"><link_ctn id="n"/><link_ctn id="l"/></route>
        <route src="a" dst="c"><link_ctn id="m"/></route>
        <route src="a" dst="d"><link_ctn id="m"/></route>
        <route src="b" dst="d"><link_ctn id="m"/></route>
        <route src="c" dst="d"><link_ctn id="m"/></route>)",
        attributes, properties));
    Config config = support::star_of(4);
    config.speed_flops = 1e9;
    config.platform = file.path();
    return used_J(config, messages, after_s);
}

}  // namespace

TEST_CASE("a platform file: a bandwidth that changes on the way") {
    const simulation::ProfileFile profile("1.003 50000000\n");
    // Full for 2 ms, then full for the other 2e5 bytes at half the bandwidth.
    CHECK(used_on_file_J(fmt::format("bandwidth_file='{}'", profile.name()), "", {{0, 1, 100'000}}, 0.01) ==
          Approx(2 * 0.01 + 3 * (2e-3 + (2e5 + 16) / 5e7)).epsilon(1e-9));
}

TEST_CASE("a platform file: a link that each flow has for itself is loaded as its fastest message says") {
    constexpr double fast_s = (4e5 + 16) / 1e8;
    constexpr double slow_s = (3e5 + 16) / 5e7;  // longer
    const auto fatpipe_J = [](const std::vector<Message>& messages) {
        return used_on_file_J("sharing_policy='FATPIPE'", "", messages, 0.01);
    };
    CHECK(fatpipe_J({{2, 1, 75'000}}) == Approx(2 * 0.01 + 3 * slow_s / 2).epsilon(1e-9));
    CHECK(fatpipe_J({{0, 1, 100'000}, {2, 1, 75'000}}) ==
          Approx(2 * 0.01 + 3 * (fast_s + (slow_s - fast_s) / 2)).epsilon(1e-9));
}

TEST_CASE("a platform file: a link that is switched off uses what the file says of that, or nothing") {
    // When the message has passed, and in the middle of the time that is looked at; then again until its end.
    const simulation::ProfileFile profile("1.02 0\n1.05 1\n1.09 0\n");
    const std::string attributes = fmt::format("state_file='{}'", profile.name());
    const auto [properties, off_W] =
        GENERATE(table<std::string, double>({{"", 0.0}, {R"(<prop id="wattage_off" value="0.5"/>)", 0.5}}));
    const double carried_J = 3 * (4e5 + 16) / 1e8;
    const auto after_J = [&](double after_s) {
        return used_on_file_J(attributes, properties, {{0, 1, 100'000}}, after_s);
    };
    CHECK(after_J(0.04) == Approx(2 * 0.02 + off_W * 0.02 + carried_J).epsilon(1e-9));
    CHECK(after_J(0.1) == Approx(2 * 0.06 + off_W * 0.04 + carried_J).epsilon(1e-9));
}

TEST_CASE("links of spare hosts have no power, whatever the topology leaves spare") {
    // In the smallest shape for 5 hosts: what is left of the links, both directions.
    const auto [topology, links, hops] = GENERATE(table<Topology, double, double>({
        {Topology::torus, 12, 2},            // 3 x 2, two a host: messages may pass the sixth
        {Topology::fat_tree, 5 + 2 * 3, 4},  // 3,2 with three switches above
        {Topology::dragonfly, 5 + 9, 3},     // 4 within chassis, 4 between these, 1 between the groups
        {Topology::star, 5, 2},
    }));
    Config config = network_of(topology, 5);
    config.workers_per_host = GENERATE(std::size_t{1}, std::size_t{2});
    config.workers *= config.workers_per_host;
    config.cores = config.workers_per_host;
    CAPTURE(links, config.workers_per_host);
    CHECK(used_J(config, {}, 0.1) == Approx(2 * links * idle_W * 0.1).epsilon(1e-9));
    // Those of the last host that is not spare do; of its two workers the second one looks.
    if (config.workers_per_host == 1) return;
    CHECK(used_J(config, {{0, 8, 10'000}}, 0.1) ==
          Approx(2 * links * idle_W * 0.1 + (busy_W - idle_W) * hops * (4e4 + 16) / B).epsilon(1e-9));
}

TEST_CASE("a platform file whose watts of a link are no numbers is an input error that names them") {
    const auto [properties, said] = GENERATE(table<std::string, std::string>({
        {R"(<prop id="wattage_range" value="2"/>)", "wattage_range of link l: given '2'"},
        {R"(<prop id="wattage_range" value="low:high"/>)", "wattage_range of link l: given 'low:high'"},
        {R"(<prop id="wattage_range" value="1:-2"/>)", "wattage_range of link l: given '1:-2'"},
        {R"(<prop id="wattage_range" value="1:2:3"/>)", "wattage_range of link l: given '1:2:3'"},
        {R"(<prop id="wattage_range" value=""/>)", "wattage_range of link l: given"},
        {R"(<prop id="wattage_range" value="1:2"/><prop id="wattage_off" value="little"/>)",
         "wattage_off of link l: given 'little'"},
    }));
    const simulation::PlatformFile file(fmt::format(
        R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>
        <link id="l" bandwidth="1GBps" latency="1us">{}</link>
        <route src="a" dst="b"><link_ctn id="l"/></route>)",
        properties));
    Config config = support::star_of(2);
    config.platform = file.path();
    const auto run =
        support::simulate_in_child(config, [](comm::Communicator&) { return std::vector<double>{}; });
    REQUIRE(run.failure);
    CHECK(run.failure->type == "InputError");
    CAPTURE(run.failure->message);
    CHECK(run.failure->message.find(said) != std::string::npos);
}

}  // namespace test_link_powers
