// Simulations that cannot end well end with one error, no crash, and no word of SimGrid's.
#include <filesystem>
#include <fstream>
#include <map>

#include <unistd.h>

#include "backend/backend.hpp"
#include "result/text.hpp"
#include "tests/simulation/platform_file.hpp"
#include "tests/simulation/profile_file.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/one_line.hpp"

namespace test_failures {

using namespace lockstep;
using scenario::Config;
using scenario::Method;
using simulation::PlatformFile;

namespace {

using Program = std::function<std::vector<double>(comm::Communicator&)>;

support::Failure failure_of(const Config& config, const Program& program) {
    const auto run = support::simulate_in_child(config, program);
    CHECK(run.output == "");
    REQUIRE(run.failure);
    return *run.failure;
}

std::vector<double> nothing(comm::Communicator&) {
    return {};
}

support::Failure failure_with_platform(const std::string& path, std::size_t workers = 2) {
    Config config = support::star_of(workers);
    config.platform = path;
    return failure_of(config, nothing);
}

/// The attribute for a profile of lines "seconds 0|1", which say when something is on.
std::string when_on(const simulation::ProfileFile& profile) {
    return fmt::format(" state_file='{}'", profile.name());
}

constexpr std::size_t one_second = 250'000;  // as many float32 take 1 s on the link of failing_pair

/// Two hosts and a link between them, to each of which a profile may be attached.
PlatformFile failing_pair(const std::string& of_a, const std::string& of_b, const std::string& of_link) {
    return PlatformFile(fmt::format(R"(<host id="a" speed="1Gf"{}/><host id="b" speed="1Gf"{}/>
        <link id="l" bandwidth="1MBps" latency="1us"{}/><route src="a" dst="b"><link_ctn id="l"/></route>)",
                                    of_a, of_b, of_link));
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an exception in one rank ends the simulation with that error, though others are blocked") {
    Config config = support::star_of(4);
    config.threads = GENERATE(as<std::size_t>(), 1, 3);
    const support::Failure failure =
        failure_of(config, [](comm::Communicator& communicator) -> std::vector<double> {
            std::vector<float> vector(1000);
            backend::compute(1e6 * static_cast<double>(communicator.rank()), [] {});
            switch (communicator.rank()) {
                case 0:
                    communicator.receive(vector, 1);
                    break;
                case 1:
                    throw base::InputError("rank 1 has had enough");
                case 2:
                    communicator.send(vector, 0);
                    break;
                default:
                    backend::compute(1e12, [] {});
            }
            fmt::print("rank {} goes on\n", communicator.rank());
            return {};
        });
    CHECK(failure.type == "InputError");
    CHECK(failure.message == "rank 1 has had enough");
}

TEST_CASE("the first of several exceptions counts, and any type of exception does") {
    const support::Failure failure =
        failure_of(support::star_of(3), [](comm::Communicator& communicator) -> std::vector<double> {
            backend::compute(1e9 * static_cast<double>(3 - communicator.rank()), [] {});
            throw std::logic_error(fmt::format("rank {}", communicator.rank()));
        });
    CHECK(failure.type == "other");
    CHECK(failure.message == "rank 2");
}

TEST_CASE("ranks that wait for one that has ended are a deadlock") {
    const support::Failure failure = failure_of(support::star_of(3), [](comm::Communicator& communicator) {
        std::vector<float> vector(10);
        if (communicator.rank() != 1) communicator.receive(vector, 1);
        return std::vector<double>{};
    });
    CHECK(failure.type == "EnvironmentError");
    CHECK(contains(failure.message, "deadlock"));
    CHECK(contains(failure.message, "2 of 3 ranks"));
}

/// As an eager one it would be lost; the engine gives up where its receiver is gone.
TEST_CASE("ranks that send to one that has ended are a deadlock") {
    const support::Failure failure = failure_of(support::star_of(3), [](comm::Communicator& communicator) {
        const std::vector<float> vector(10);
        if (communicator.rank() == 0) return std::vector<double>{};
        backend::compute(5e9, [] {});
        communicator.send(vector, 0);
        return std::vector<double>{};
    });
    CHECK(failure.type == "EnvironmentError");
    CHECK(contains(failure.message, "deadlock"));
    CHECK(contains(failure.message, "2 of 3 ranks"));
}

TEST_CASE("an entry that is not there tells which rank has missed it, and when") {
    const support::Failure failure =
        failure_of(support::star_of(2), [](comm::Communicator& communicator) -> std::vector<double> {
            std::vector<float> vector(10);
            if (communicator.rank() == 0) communicator.receive(vector, 1);
            backend::compute(5e9, [] {});
            return std::map<int, std::vector<double>>().at(0);
        });
    CHECK(failure.type == "EnvironmentError");
    CHECK(contains(failure.message, "rank 1 has not found what it looked for (map::at)"));
    CHECK(contains(failure.message, "when it ran its program, at 1.0"));
}

TEST_CASE("ranks that all wait for each other are a deadlock") {
    const support::Failure failure = failure_of(support::star_of(2), [](comm::Communicator& communicator) {
        std::vector<float> vector(10);
        backend::compute(5e9, [] {});
        communicator.receive(vector, 1 - communicator.rank());
        return std::vector<double>{};
    });
    CHECK(failure.type == "EnvironmentError");
    CHECK(contains(failure.message, "2 of 2 ranks"));
    CHECK(contains(failure.message, "at 1.0"));
}

TEST_CASE("a message longer than its receiver expects is an error of the MPI call") {
    const support::Failure failure = failure_of(support::star_of(2), [](comm::Communicator& communicator) {
        std::vector<float> vector(100);
        if (communicator.rank() == 0) communicator.send(vector, 1);
        if (communicator.rank() == 1) communicator.receive(std::span(vector).first(10), 0);
        return std::vector<double>{};
    });
    CHECK(failure.type == "EnvironmentError");
    CHECK(contains(failure.message, "MPI_Recv"));
}

TEST_CASE("a platform with too few hosts is an input error that says how many there are") {
    const PlatformFile file(R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>
        <link id="l" bandwidth="1GBps" latency="1us"/><route src="a" dst="b"><link_ctn id="l"/></route>)");
    const support::Failure failure = failure_with_platform(file.path(), 3);
    CHECK(failure.type == "InputError");
    CHECK(contains(failure.message, file.path()));
    CHECK(contains(failure.message, "2 hosts"));
}

TEST_CASE("a platform file that is missing is an input error") {
    const support::Failure failure = failure_with_platform("/nowhere/at_all.xml");
    CHECK(failure.type == "InputError");
    CHECK(contains(failure.message, "/nowhere/at_all.xml"));
}

TEST_CASE("a platform file that is no platform is an input error") {
    const char* zone = R"(<?xml version='1.0'?><!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
        <platform version="4.1"><zone id="world" routing="Full">)";
    const std::string text = GENERATE_COPY(
        std::string(), std::string("not XML at all\n"), std::string(zone),
        std::string("<platform version='4.1'></platform>"),
        std::string(zone) + "</zone></platform>",                                // no host
        std::string(zone) + R"(<host id="a" speed="fast"/></zone></platform>)",  // no number
        std::string(zone) + R"(<host id="a"/></zone></platform>)",               // no speed
        std::string(zone) + R"(<host id="a" speed="1Gf"/><host id="a" speed="1Gf"/></zone></platform>)",
        std::string(zone) + R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>
            <route src="a" dst="b"><link_ctn id="unknown"/></route></zone></platform>)");
    INFO(text);
    const PlatformFile file(PlatformFile::Verbatim{text});
    const support::Failure failure = failure_with_platform(file.path());
    CHECK(failure.type == "InputError");
    CHECK(contains(failure.message, file.path()));
    CHECK(failure.message.find('\n') == std::string::npos);
}

TEST_CASE("hosts without a route between them are an input error") {
    const PlatformFile file(R"(<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/><host id="c" speed="1Gf"/>
        <link id="l" bandwidth="1GBps" latency="1us"/><route src="a" dst="b"><link_ctn id="l"/></route>)");
    const support::Failure failure = failure_with_platform(file.path(), 3);
    CHECK(failure.type == "InputError");
    CHECK(contains(failure.message, file.path()));
    CHECK(contains(failure.message, "route"));
}

TEST_CASE("a host without speed and a link without bandwidth are input errors that name it") {
    const auto [speeds, bandwidth, complaint] = GENERATE(table<std::string, std::string, std::string>({
        {"0f", "1GBps", "host b has a speed of 0f"},
        {"1Gf,-1f", "1GBps", "host b has a speed of -1f"},
        {"-1f", "1GBps", "host b has a speed of -1f"},
        {"1Gf", "0Bps", "link l has a bandwidth of 0Bps"},
    }));
    const PlatformFile file(fmt::format(R"(<host id="a" speed="1Gf"/><host id="b" speed="{}"/>
        <link id="l" bandwidth="{}" latency="1us"/><route src="a" dst="b"><link_ctn id="l"/></route>)",
                                        speeds, bandwidth));
    const support::Failure failure = failure_with_platform(file.path());
    CHECK(failure.type == "InputError");
    CHECK(contains(failure.message, "--platform " + file.path()));
    CHECK(contains(failure.message, complaint));
    CHECK(failure.message.find('\n') == std::string::npos);
}

TEST_CASE(
    "more ranks than the machine has memory maps for are an input error that says how many there can be") {
    constexpr std::size_t most_workers = 65536;
    std::size_t limit = 0;
    if (!(std::ifstream("/proc/sys/vm/max_map_count") >> limit) || limit > 2 * most_workers) {
        WARN("this machine has room for any number of ranks that --workers allows");
        return;
    }
    const support::Failure failure = failure_of(support::star_of(limit / 2), nothing);
    CHECK(failure.type == "InputError");
    CHECK(contains(failure.message, fmt::format("--workers: given '{}'; allowed: at most ", limit / 2)));
    CHECK(contains(failure.message, "sysctl vm.max_map_count="));
}

TEST_CASE("a host that is off from the start is refused") {
    const simulation::ProfileFile profile("0 0\n");
    const PlatformFile file = failing_pair(when_on(profile), "", "");
    const support::Failure failure = failure_with_platform(file.path());
    CHECK(failure.type == "InputError");
    CHECK(contains(failure.message, "host a is off from the start"));
}

TEST_CASE("a host that goes off when its rank has ended is of no account") {
    const simulation::ProfileFile profile("1.5 0\n");
    const PlatformFile file = failing_pair("", when_on(profile), "");
    Config config = support::star_of(2);
    config.platform = file.path();
    const double other_s = GENERATE(1.0, 2.0);  // also while the other one goes on
    CHECK(support::simulate_values(config, [=](comm::Communicator& communicator) {
              backend::compute(communicator.rank() == 0 ? other_s * 1e9 : 1e9, [] {});
              return std::vector{static_cast<double>(communicator.rank())};
          }).size() == 2);
}

TEST_CASE("a message that has not begun to move when its receiver's host goes off ends no rank") {
    const simulation::ProfileFile profile("0.5 0\n");
    const PlatformFile file = failing_pair(when_on(profile), "", "");
    Config config = support::star_of(2);
    config.platform = file.path();
    config.overlap_progress = scenario::OverlapProgress::none;
    const auto run = support::simulate_in_child(config, [](comm::Communicator& communicator) {
        const std::vector<float> vector(10);
        comm::Request request;
        if (communicator.rank() == 1) request = communicator.start_send(vector, 0);
        backend::compute(1e9, [] {});
        communicator.wait(request);
        fmt::print("rank {} goes on\n", communicator.rank());
        return std::vector<double>{};
    });
    CHECK_FALSE(run.failure);
    CHECK(run.output == "");
}

/// As with --failure: what a profile takes away is no error, and the ranks that miss it leave what they have.
TEST_CASE("what a profile turns off ends no rank of another host") {
    const simulation::ProfileFile profile("1.5 0\n");
    const bool is_host = GENERATE(true, false);
    const PlatformFile file =
        failing_pair("", is_host ? when_on(profile) : "", is_host ? "" : when_on(profile));
    Config config = support::star_of(2);
    config.platform = file.path();
    const int lost = GENERATE(0, 1);
    const double begin_s = GENERATE(1.0, 2.0);
    const auto run = support::simulate_in_child(config, [=](comm::Communicator& communicator) {
        std::vector<float> vector(one_second);
        backend::compute(begin_s * 1e9, [] {});
        if (static_cast<int>(communicator.rank()) == lost) communicator.send(vector, 1 - communicator.rank());
        if (static_cast<int>(communicator.rank()) != lost)
            communicator.receive(vector, 1 - communicator.rank());
        fmt::print("rank {} goes on\n", communicator.rank());
        return std::vector<double>{};
    });
    CHECK_FALSE(run.failure);
    CHECK(run.output == "");
}

TEST_CASE("a run whose host or link is turned off has stalled, and says what by") {
    const simulation::ProfileFile profile("5e-3 0\n");
    const auto [host, what] = GENERATE(table<std::size_t, std::string>(
        {{0, "host a went off at 5 ms"}, {1, "host b went off at 5 ms"}, {2, "link l went off at 5 ms"}}));
    const auto of = [&, at = host](std::size_t place) {
        return at == place ? when_on(profile) : std::string();
    };
    const PlatformFile file = failing_pair(of(0), of(1), of(2));
    Config config = simulation::steps_of(
        simulation::phantom(
            GENERATE(Method("sync-average"), Method("allreduce"), Method("by-arrival"), Method("in-turn"),
                     Method("softsync"), Method("easgd"), Method("gossip"), Method("ad-psgd")),
            2, 1000, 1e6),
        50);
    if (scenario::server_count(config) > 0) config.workers = 1;
    config.platform = file.path();
    CAPTURE(what, config.method.name());
    const auto result = simulation::whole_run(config);
    CHECK(result.summary.outcome == result::Outcome::stalled);
    CHECK(contains(result.summary.standstill, what));
    CHECK(contains(support::in_one_line(result::to_text(result)), what));
    // There a worker of which nobody wants anything takes its steps alone.
    if (config.method != Method("ad-psgd")) CHECK(result.summary.elapsed_s < 20e-3);
    if (host < config.workers) CHECK(result.workers[host].stopped);
    CHECK_FALSE(result.workers[0].completed);
}

}  // namespace test_failures
