// Platform files of every kind that SimGrid runs are run, and the rest are refused in one line that says why.
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "backend/backend.hpp"
#include "sim/check/platform_check.hpp"
#include "tests/simulation/platform_file.hpp"
#include "tests/simulation/profile_file.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/child_process.hpp"

namespace test_platform_files {

using namespace lockstep;
using Catch::Matchers::ContainsSubstring;
using scenario::Config;
using simulation::PlatformFile;

namespace {

/// Of the current version, with this between <platform> and </platform>.
PlatformFile platform_of(const std::string& content) {
    return PlatformFile(PlatformFile::Verbatim{
        R"(<?xml version='1.0'?><!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd"><platform version="4.1">)" +
        content + "</platform>\n"});
}

std::string zone(const std::string& routing, const std::string& content) {
    return fmt::format(R"(<zone id="z" routing="{}">{}</zone>)", routing, content);
}

constexpr const char* three_hosts =
    R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/><host id="c" speed="1Gf"/>
       <link id="l" bandwidth="125MBps" latency="50us"/><link id="m" bandwidth="125MBps" latency="70us"/>)";
constexpr const char* chain =
    R"(<route src="a" dst="b"><link_ctn id="l"/></route><route src="b" dst="c"><link_ctn id="m"/></route>)";
constexpr const char* pair = R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>
    <link id="l" bandwidth="125MBps" latency="50us"/><route src="a" dst="b"><link_ctn id="l"/></route>)";

Config on(const PlatformFile& file, std::size_t ranks) {
    Config config = support::star_of(ranks);
    config.platform = file.path();
    return config;
}

constexpr std::size_t n = 25000;  // 100 kB

std::string setting(const std::string& key, const std::string& value) {
    return fmt::format(R"(<config id="g"><prop id="{}" value="{}"/></config>)", key, value);
}

/// The time of one message of n values from rank 0 to the last rank.
double message_s(const Config& config) {
    return support::simulate_values(config,
                                    [](comm::Communicator& communicator) {
                                        std::vector<float> vector(n);
                                        communicator.barrier();
                                        const double start_s = communicator.now_s();
                                        if (communicator.rank() == 0)
                                            communicator.send(vector, communicator.size() - 1);
                                        if (communicator.rank() + 1 == communicator.size())
                                            communicator.receive(vector, 0);
                                        return std::vector{communicator.now_s() - start_s};
                                    })
        .back()[0];
}

double expected_s(double latency_s, double bandwidth_Bps = 1.25e8) {
    return latency_s + (4.0 * n + simulation::envelope_B) / bandwidth_Bps;
}

/// Why a run on the file is refused.
std::string refusal(const Config& config) {
    const auto run =
        support::simulate_in_child(config, [](comm::Communicator&) { return std::vector<double>{}; });
    CHECK(run.output == "");
    if (!run.failure) return "accepted";
    CHECK(run.failure->type == "InputError");
    CHECK(run.failure->message.find('\n') == std::string::npos);
    CHECK_THAT(run.failure->message, ContainsSubstring(config.platform));
    return run.failure->message;
}

std::string refusal(const std::string& content, std::size_t ranks = 2) {
    const PlatformFile file = platform_of(content);
    return refusal(on(file, ranks));
}

std::string platform_line(const Config& config) {
    return support::simulate_in_child_for_text(
               config, [](comm::Communicator&) { return backend::describe().platform; })
        .ranks.at(0);
}

}  // namespace

/// Routes of two links where the file says only those of one: latencies add up.
TEST_CASE("routing that is worked out when the platform is complete is as if written out") {
    const auto routing = GENERATE("Floyd", "Dijkstra", "DijkstraCache");
    INFO(routing);
    const PlatformFile file = platform_of(zone(routing, std::string(three_hosts) + chain));
    CHECK(message_s(on(file, 3)) == Approx(expected_s(120e-6)).epsilon(1e-9));
    const PlatformFile full = platform_of(
        zone("Full", std::string(three_hosts) + chain +
                         R"(<route src="a" dst="c"><link_ctn id="l"/><link_ctn id="m"/></route>)"));
    CHECK(message_s(on(full, 3)) == Approx(expected_s(120e-6)).epsilon(1e-9));
}

TEST_CASE("a bypass takes the place of a route") {
    const std::string links = R"(<link id="short" bandwidth="250MBps" latency="10us"/>)";
    const PlatformFile file = platform_of(
        zone("Floyd", three_hosts + links + chain +
                          R"(<bypassRoute src="a" dst="c"><link_ctn id="short"/></bypassRoute>)"));
    CHECK(message_s(on(file, 3)) == Approx(expected_s(10e-6, 2.5e8)).epsilon(1e-9));
}

TEST_CASE("stars, cabinets and coordinates are platforms too") {
    const PlatformFile cabinets = platform_of(R"(<zone id="z" routing="Cluster">
        <cabinet id="c" prefix="n-" suffix="" radical="1-4" speed="1Gf" bw="125MBps" lat="100us"/>
        <backbone id="bb" bandwidth="2.25GBps" latency="500us"/></zone>)");
    CHECK(message_s(on(cabinets, 4)) == Approx(expected_s(700e-6)).epsilon(1e-9));
    // Vivaldi: a latency of the distance in milliseconds, plus the heights.
    const PlatformFile peers = platform_of(R"(
        <zone id="z" routing="Vivaldi">
        <peer id="p" speed="1Gf" bw_in="125MBps" bw_out="125MBps" coordinates="0 0 0"/>
        <peer id="q" speed="1Gf" bw_in="125MBps" bw_out="125MBps" coordinates="3 4 0"/></zone>)");
    CHECK(message_s(on(peers, 2)) == Approx(expected_s(5e-3)).epsilon(1e-9));
}

TEST_CASE("a state in which a host is off matters only where the host is in it") {
    const auto with_state = [](int state) {
        return zone("Full",
                    fmt::format(R"(<host id="a" speed="1Gf,500Mf,0f" pstate="{}"/><host id="b" speed="1Gf"/>
            <link id="l" bandwidth="125MBps" latency="50us"/><route src="a" dst="b"><link_ctn id="l"/></route>)",
                                state));
    };
    CHECK(refusal(with_state(0)) == "accepted");
    CHECK(refusal(with_state(1)) == "accepted");
    CHECK_THAT(refusal(with_state(2)), ContainsSubstring("host a has a speed of 0f"));
}

TEST_CASE("a platform that cannot be used is refused in one line that says why") {
    const auto [content, reason] = GENERATE(table<std::string, std::string>({
        {zone("Full", R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>)"),
         "no route from host a to b"},
        {zone("Floyd", R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>)"), "a to "},
        {R"(<zone id="z" routing="Wifi"><prop id="access_point" value="ap"/><host id="a" speed="1Gf"/>
            <host id="b" speed="1Gf"/><link id="w" sharing_policy="WIFI" bandwidth="54Mbps" latency="0"/>
            <router id="ap"/></zone>)",
         "link w between hosts a and b is a WIFI link"},
        {R"(<actor host="a" function="f"/>)", "places actors"},
        {R"(<process host="a" function="f"/>)", "places actors"},
        {zone("Full", R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>
            <link id="l" bandwidth="125MBps" latency="-50us"/><route src="a" dst="b"><link_ctn id="l"/></route>)"),
         "link l has a latency of -5e-05s"},
        {zone("Full", R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>
            <link id="l" bandwidth="125MBps" latency="nan"/><route src="a" dst="b"><link_ctn id="l"/></route>)"),
         "link l has a latency of nan"},
        {zone("Full", R"(<host id="a" speed="nanf"/><host id="b" speed="1Gf"/>
            <link id="l" bandwidth="1GBps" latency="1us"/><route src="a" dst="b"><link_ctn id="l"/></route>)"),
         "host a has a speed of nan"},
        {zone("Full", R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>
            <link id="l" bandwidth="-1MBps" latency="1us"/><route src="a" dst="b"><link_ctn id="l"/></route>)"),
         "link l has a bandwidth of -1e+06Bps"},
        {R"(<config id="g"><prop id="smpi/no-such-key" value="1"/></config>)" + zone("Full", pair),
         "Bad config key: smpi/no-such-key"},
        {R"(<config id="g"><prop id="help" value="yes"/></config>)" + zone("Full", pair), "help"},
        {R"(<config id="g"><prop id="cpu/model" value="help"/></config>)" + zone("Full", pair), ""},
        {R"(<cluster id="c" prefix="n" suffix="" radical="0-3" speed="1Gf,500Mf" bw="1MBps" lat="1us">
            <prop id="wattage_per_state" value="100:200"/></cluster>)",
         "host n0 has 1 powers in its wattage_per_state (100:200) and 2 speeds"},
        {R"(<cluster id="c" prefix="n" suffix="" radical="0-3" speed="1Gf" bw="1MBps" lat="1us">
            <prop id="wattage_per_state" value="low:high"/></cluster>)",
         "host n0: low"},
    }));
    INFO(content);
    const std::string message = refusal(content);
    CHECK_THAT(message, ContainsSubstring("--platform ") &&
                            ContainsSubstring(": not a usable SimGrid platform: ") &&
                            ContainsSubstring(reason));
    CHECK_THAT(message,
               !ContainsSubstring("Segmentation") && !ContainsSubstring("0x") && !ContainsSubstring("***"));
}

TEST_CASE("an old file, one of another kind and a name that is missing are told apart") {
    const auto of = [](const std::string& text) {
        const PlatformFile file(PlatformFile::Verbatim{
            R"(<?xml version='1.0'?><!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">)" + text});
        return refusal(on(file, 2));
    };
    const std::string old_zone =
        R"(<AS id="z" routing="Full"><host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>
        <link id="l" bandwidth="125MBps" latency="50us"/><route src="a" dst="b"><link_ctn id="m"/></route></AS>)";
    CHECK_THAT(of("<platform>" + old_zone + "</platform>"),
               ContainsSubstring("its <platform> has no version"));
    CHECK_THAT(of("<platform version='3'>" + old_zone + "</platform>"),
               ContainsSubstring("version 3, which is too old"));
    CHECK_THAT(of("<platform version='10'>" + old_zone + "</platform>"),
               ContainsSubstring("version 10, which is too new"));
    CHECK_THAT(of("<platform version='4'>" + old_zone + "</platform>"),
               ContainsSubstring("Link not found: m") && !ContainsSubstring("simgrid_update_xml"));
    CHECK_THAT(of("<adag><job id='1'/></adag>"), ContainsSubstring("it is XML, but of <adag>"));
}

TEST_CASE("a profile that is no profile is named") {
    const simulation::ProfileFile profile("half speed\n");
    const std::string content = zone("Full", fmt::format(R"(<host id="a" speed="1Gf" speed_file="{}"/>
        <host id="b" speed="1Gf"/><link id="l" bandwidth="125MBps" latency="50us"/>
        <route src="a" dst="b"><link_ctn id="l"/></route>)",
                                                         profile.name()));
    CHECK_THAT(refusal(content), ContainsSubstring(profile.name()) && !ContainsSubstring("stod"));
}

/// Its check must end: a message that never arrives, or a host that never computes, is for the run to tell.
TEST_CASE("a link that stands still for ever passes the check") {
    const simulation::ProfileFile profile(GENERATE("0 0.0\n", "0 0.0\nLOOPAFTER 1e-3\n"));
    const PlatformFile file = platform_of(zone("Full", fmt::format(R"(<host id="a" speed="1Gf"/>
        <host id="b" speed="1Gf"/><link id="l" bandwidth="125MBps" latency="50us" bandwidth_file="{}"/>
        <route src="a" dst="b"><link_ctn id="l"/></route>)",
                                                                   profile.name())));
    const Config config = on(file, 2);
    const auto child = support::run_in_child([&] {
        sim::check_platform(config);
        return std::string("passed");
    });
    CHECK(child.value == "passed");
}

TEST_CASE("a profile that time cannot get past, or whose values mean nothing, is refused by its line") {
    const auto [attribute, lines, reason] = GENERATE(table<std::string, std::string, std::string>({
        {"speed", "PERIODICITY 0\n0 1\n", "repeats itself after 0 s"},
        {"speed", "0 1\nLOOPAFTER 0\n", "repeats itself after 0 s"},
        {"speed", "0 1\n2 0.5\nPERIODICITY 1\n", "repeats itself after 1 s, before its last line of 2 s"},
        {"speed", "# ours\n0 1\n1 -0.5\n", ", line 3: given '1 -0.5'"},
        {"speed", "0 nan\n", ", line 1: given '0 nan'"},
        {"speed", "2 1\n1 1\n", ", line 2: given '1 1'; allowed: lines in the order of their times"},
        {"bandwidth", "0 -1\n", ", line 1: given '0 -1'"},
        {"latency", "0 1e-3\n1 0\n", ", line 2: given '1 0'; allowed: a latency above 0"},
    }));
    CAPTURE(lines);
    const simulation::ProfileFile profile(lines);
    const std::string file = fmt::format(R"( {}_file="{}")", attribute, profile.name());
    const bool is_of_host = attribute == "speed";
    CHECK_THAT(refusal(zone("Full", fmt::format(R"(<host id="a" speed="1Gf"{}/><host id="b" speed="1Gf"/>
        <link id="l" bandwidth="125MBps" latency="50us"{}/><route src="a" dst="b"><link_ctn id="l"/></route>)",
                                                is_of_host ? file : "", is_of_host ? "" : file))),
               ContainsSubstring("profile " + profile.name()) && ContainsSubstring(reason));
    // The same in the file itself.
    const std::string kind = is_of_host ? "SPEED" : attribute == "latency" ? "LATENCY" : "BANDWIDTH";
    CHECK_THAT(refusal(zone("Full", fmt::format(R"({}<trace id="t" periodicity="0">{}</trace>
        <trace_connect trace="t" element="{}" kind="{}"/>)",
                                                pair, lines, is_of_host ? "a" : "l", kind))),
               ContainsSubstring("profile t") && ContainsSubstring(reason.substr(0, reason.find(", line"))));
}

TEST_CASE("powers that are no powers are refused") {
    const auto [property, value] = GENERATE(table<std::string, std::string>({
        {"wattage_per_state", "-90:-120"},
        {"wattage_per_state", "nan:inf"},
        {"wattage_off", "-5"},
    }));
    CHECK_THAT(
        refusal(zone("Full", fmt::format(R"(<host id="a" speed="1Gf"><prop id="{}" value="{}"/></host>)",
                                         property, value)),
                1),
        ContainsSubstring("host a: ") && ContainsSubstring(property) &&
            ContainsSubstring("numbers of at least 0"));
}

TEST_CASE("what is wrong with an element is said of it") {
    const auto [content, reason] = GENERATE(table<std::string, std::string>({
        {R"(<zone id="z" routing="Fancy"></zone>)", "zone z has the routing 'Fancy'"},
        {R"(<cluster id="c" prefix="n" suffix="" radical="0-3" speed="1Gf" bw="1MBps" lat="1us" topology="TORUS"/>)",
         "cluster c has the topology TORUS and no topo_parameters"},
        {R"(<zone id="z" routing="Full"><host id="a" speed="1Gf"/><link id="l" bandwidth="1MBps,2MBps" latency="1us"/></zone>)",
         "link l has more than one bandwidth"},
        {R"(<zone id="z" routing="Vivaldi"><peer id="p" speed="1Gf" bw_in="1MBps" bw_out="1MBps" coordinates="x y z"/></zone>)",
         "peer p has the coordinates 'x y z'"},
    }));
    CHECK_THAT(refusal(content), ContainsSubstring(reason));
}

TEST_CASE("elements may be nested as deep as their readers go") {
    const auto nested = [](int zones) {
        std::string open;
        std::string close;
        for (int i = 0; i < zones; ++i) {
            open += fmt::format(R"(<zone id="z{}" routing="Full">)", i);
            close += "</zone>";
        }
        return open + "<!-- <zone> > --> " + pair + close;
    };
    CHECK(refusal(nested(90)) == "accepted");
    CHECK_THAT(refusal(nested(100)), ContainsSubstring("nested 103 deep; at most 100 are allowed"));
    CHECK_THAT(refusal(nested(200'000)), ContainsSubstring("at most 100 are allowed"));
}

TEST_CASE("what a file's <config> changes is said, and what lockstep decides itself") {
    const PlatformFile plain = platform_of(zone("Full", pair));
    CHECK(platform_line(on(plain, 2)) == plain.path());
    const double plain_s = message_s(on(plain, 2));
    const PlatformFile file = platform_of(R"(<config id="g"><prop id="network/latency-factor" value="3"/>
        <prop id="network/model" value="LV08"/><prop id="host/model" value="default"/></config>)" +
                                          zone("Full", pair));
    CHECK(platform_line(on(file, 2)) ==
          file.path() +
              "; its <config> sets network/latency-factor 3; "
              "lockstep's own in place of its network/model LV08, host/model default");
    CHECK(message_s(on(file, 2)) == Approx(plain_s + 2 * 50e-6).epsilon(1e-9));
}

TEST_CASE("settings that would crash the engine, or never end, are lockstep's own") {
    const auto [key, value] = GENERATE(table<std::string, std::string>({
        {"cpu/optim", "TI"},
        {"surf/precision", "0"},
        {"surf/precision", "-1"},
        {"maxmin/precision", "-1"},
        {"debug/breakpoint", "0"},
    }));
    const PlatformFile plain = platform_of(zone("Full", pair));
    const double plain_s = message_s(on(plain, 2));
    const PlatformFile file = platform_of(setting(key, value) + zone("Full", pair));
    CHECK_THAT(platform_line(on(file, 2)), ContainsSubstring("lockstep's own in place of its " + key));
    CHECK(message_s(on(file, 2)) == plain_s);
}

TEST_CASE("numbers of <config> without a meaning are refused with their key") {
    const auto [key, value] = GENERATE(table<std::string, std::string>({
        {"network/bandwidth-factor", "-1"},
        {"network/bandwidth-factor", "0"},
        {"network/latency-factor", "-1"},
        {"network/latency-factor", "nan"},
        {"network/latency-factor", "abc"},
        {"network/loopback-bw", "0"},
        {"smpi/bw-factor", "-1:-5"},
        {"smpi/bw-factor", "0:0.5;1000:0"},
        {"smpi/lat-factor", "0:inf"},
        {"smpi/lat-factor", "2"},
        {"smpi/os", "abc"},
        {"smpi/os", "0:-1:0"},
        {"smpi/or", "0:1"},
        {"smpi/init", "-1"},
        {"maxmin/concurrency-limit", "0"},
    }));
    CHECK_THAT(refusal(setting(key, value) + zone("Full", pair)),
               ContainsSubstring(fmt::format("its <config>: {}: given '{}'; allowed: ", key, value)));
}

TEST_CASE("what SMPI alone refuses is refused before the run") {
    CHECK_THAT(refusal(setting("smpi/allreduce", "nonsense") + zone("Full", pair)),
               ContainsSubstring("nonsense"));
    const std::string of_host = R"(<host id="a" speed="1Gf"><prop id="smpi/os" value="abc"/></host>)";
    CHECK_THAT(refusal(zone("Full", of_host), 1), ContainsSubstring("host a: smpi/os: given 'abc'"));
}

TEST_CASE("factors of another network model are said to have no effect") {
    const PlatformFile file = platform_of(setting("smpi/bw-factor", "0:0.5") + zone("Full", pair));
    CHECK_THAT(platform_line(on(file, 2)),
               ContainsSubstring("; of no effect with --network-model CM02: its smpi/bw-factor 0:0.5") &&
                   !ContainsSubstring("sets"));
    Config config = on(file, 2);
    config.network_model = scenario::NetworkModel::smpi;
    CHECK_THAT(platform_line(config), ContainsSubstring("its <config> sets smpi/bw-factor 0:0.5"));
}

TEST_CASE("keys of SMPI in a file's <config> are taken") {
    const PlatformFile file = platform_of(R"(<config id="g"><prop id="smpi/os" value="0:0.01:0"/>
        <prop id="smpi/coll-selector" value="mpich"/></config>)" +
                                          zone("Full", pair));
    CHECK_THAT(platform_line(on(file, 2)),
               ContainsSubstring("sets smpi/os 0:0.01:0; lockstep's own in place of its "
                                 "smpi/coll-selector mpich"));
}

TEST_CASE("a factor cannot be both the file's and an option's") {
    const PlatformFile file = platform_of(
        R"(<config id="g"><prop id="network/latency-factor" value="3"/></config>)" + zone("Full", pair));
    Config config = on(file, 2);
    config.latency_factor = "2";
    CHECK_THAT(refusal(config), ContainsSubstring("its <config> sets network/latency-factor"));
}

TEST_CASE("a file that asks for a trace writes none") {
    const auto folder =
        std::filesystem::temp_directory_path() / fmt::format("lockstep-no-trace-{}", ::getpid());
    std::filesystem::create_directory(folder);
    const PlatformFile file = platform_of(
        R"(<config id="g"><prop id="tracing" value="yes"/><prop id="tracing/smpi" value="yes"/></config>)" +
        zone("Full", pair));
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder);
    CHECK(message_s(on(file, 2)) > 0);
    std::filesystem::current_path(before);
    CHECK(std::filesystem::is_empty(folder));
    std::filesystem::remove_all(folder);
}

TEST_CASE("ranks take the hosts that are named, several where one has several slots") {
    const PlatformFile file = platform_of(zone("Floyd", std::string(three_hosts) + chain));
    const auto places = [&](const std::string& hosts, std::size_t ranks) {
        Config config = on(file, ranks);
        config.hosts = hosts;
        return support::simulate_in_child_for_text(config,
                                                   [](comm::Communicator& communicator) {
                                                       communicator.barrier();
                                                       const double start_s = communicator.now_s();
                                                       backend::compute(1e9, [] {});
                                                       return fmt::format("{} {:.3f}",
                                                                          backend::describe().host,
                                                                          communicator.now_s() - start_s);
                                                   })
            .ranks;
    };
    using Ranks = std::vector<std::string>;
    CHECK(places("c,a", 2) == Ranks{"c 1.000", "a 1.000"});
    CHECK(places("b:2,c", 3) == Ranks{"b 2.000", "b 2.000", "c 1.000"});  // one core
    Config config = on(file, 2);
    config.hosts = "c,d";
    CHECK_THAT(support::simulate_in_child(config, [](comm::Communicator&) { return std::vector<double>{}; })
                   .failure->message,
               ContainsSubstring("--hosts: given 'd'; allowed: hosts of the platform: a, b, c"));
}

}  // namespace test_platform_files
