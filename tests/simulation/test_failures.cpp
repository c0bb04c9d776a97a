// Simulations that cannot end well end with one error, no crash, and no word of SimGrid's.
#include <catch2/catch.hpp>

#include "backend/backend.hpp"
#include "tests/simulation/platform_file.hpp"
#include "tests/simulation/star.hpp"

using namespace lockstep;
using scenario::Config;
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
            throw base::InputError("others must not get here");
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
