// Platforms from XML files, those that come with lockstep among them, and SimGrid's other network models.
#include <algorithm>
#include <filesystem>

#include "backend/backend.hpp"
#include "tests/simulation/platform_file.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/exchange_run.hpp"

namespace test_platforms {

using namespace lockstep;
using scenario::Config;
using scenario::NetworkModel;

namespace {

constexpr std::size_t n = 250000;  // 1 MB

/// The time of one message of n values from rank 0 to rank 1.
double message_s(const Config& config) {
    return support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<float> vector(n);
        communicator.barrier();
        const double start_s = communicator.now_s();
        if (communicator.rank() == 0) communicator.send(vector, 1);
        if (communicator.rank() == 1) communicator.receive(vector, 0);
        return std::vector{communicator.now_s() - start_s};
    })[1][0];
}

double elapsed_s(const Config& config) {
    const support::Job job{.steps = 5,
                           .start = std::vector<float>(1000, 1),
                           .gradient = support::integer_gradient,
                           .step_flops = 1e6};
    return support::simulate_values(config, [&](comm::Communicator& communicator) {
        return std::vector{run_exchange(communicator, config, job).elapsed_s};
    })[0][0];
}

std::string shipped(const std::string& name) {
    return std::string(PLATFORMS_FOLDER) + "/" + name;
}

}  // namespace

TEST_CASE("every platform that comes with lockstep runs on all its hosts") {
    const auto collective = GENERATE(scenario::Collective("tree"), scenario::Collective("ring"));
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(PLATFORMS_FOLDER)) {
        if (entry.path().extension() != ".xml") continue;
        INFO(entry.path());
        ++files;
        Config config = support::star_of(8);
        config.platform = entry.path().string();
        config.collective = collective;
        CHECK(elapsed_s(config) > 0);
    }
    CHECK(files >= 2);
}

/// The file says what the options' defaults say.
TEST_CASE("the LAN of the file is the star of the defaults") {
    Config config = support::star_of(8);
    const double generated_s = elapsed_s(config);
    config.platform = shipped("lan_8.xml");
    CHECK(elapsed_s(config) == Approx(generated_s).epsilon(1e-12));
}

TEST_CASE("hosts take ranks in the natural order of their names, one each") {
    std::string hosts;
    for (const int number : {10, 2, 1, 9})
        hosts += fmt::format("<host id='node-{}' speed='{}Gf'/>", number, number);
    hosts += "<link id='l' bandwidth='1GBps' latency='1us'/>";
    for (const char* route :
         {"src='node-1' dst='node-2'", "src='node-1' dst='node-9'", "src='node-2' dst='node-9'",
          "src='node-1' dst='node-10'", "src='node-2' dst='node-10'", "src='node-9' dst='node-10'"})
        hosts += fmt::format("<route {}><link_ctn id='l'/></route>", route);
    const simulation::PlatformFile file(hosts);
    Config config = support::star_of(3);
    config.platform = file.path();
    const auto run = support::simulate_in_child_for_text(config, [](comm::Communicator& communicator) {
        communicator.barrier();
        const double start_s = communicator.now_s();
        backend::compute(18e9, [] {});
        return fmt::format("{} {:.3f}", backend::describe().host, communicator.now_s() - start_s);
    });
    CHECK(run.ranks == std::vector<std::string>{"node-1 18.000", "node-2 9.000", "node-9 2.000"});
    CHECK(run.output == "");
}

TEST_CASE("a wide-area link is slower than the local one") {
    Config config = support::star_of(2);
    config.platform = shipped("two_sites.xml");
    const double local_s = message_s(config);
    config.workers = 8;
    const auto ranks = support::simulate_values(config, [](comm::Communicator& communicator) {
        std::vector<float> vector(n);
        communicator.barrier();
        const double start_s = communicator.now_s();
        if (communicator.rank() == 0) communicator.send(vector, 7);
        if (communicator.rank() == 7) communicator.receive(vector, 0);
        return std::vector{communicator.now_s() - start_s};
    });
    CHECK(ranks[7][0] > local_s + 9e-3);
}

/// LV08: latency x 13.01, bandwidth x 0.97 (Velho, Legrand 2009). SMPI: for more than 64 KiB, x 11.6436 and x
/// 0.940694.
TEST_CASE("LV08 and SMPI apply SimGrid's own factors") {
    Config config = support::star_of(2);
    const double bytes = 4.0 * n + simulation::envelope_B;
    CHECK(message_s(config) == Approx(config.latency_s + bytes / config.bandwidth_Bps).epsilon(1e-9));
    config.network_model = NetworkModel::lv08;
    CHECK(message_s(config) ==
          Approx(13.01 * config.latency_s + bytes / (0.97 * config.bandwidth_Bps)).epsilon(1e-4));
    config.network_model = NetworkModel::smpi;
    CHECK(message_s(config) ==
          Approx(11.6436 * config.latency_s + bytes / (0.940694 * config.bandwidth_Bps)).epsilon(1e-4));
}

TEST_CASE("every method runs with every network model") {
    Config config = support::star_of(3);
    config.network_model = GENERATE(NetworkModel::cm02, NetworkModel::lv08, NetworkModel::smpi);
    config.method = GENERATE(scenario::Method("sync-average"), scenario::Method("in-turn"),
                             scenario::Method("by-arrival"));
    CHECK(elapsed_s(config) > 5 * 1e6 / 5e9);
}

/// 10 MB over 100 ms: with a TCP window of 4 MiB it would take half a second more.
TEST_CASE("in CM02 no TCP window limits a flow") {
    Config config = support::star_of(2);
    config.latency_s = 0.1;
    CHECK(message_s(config) ==
          Approx(0.1 + (4.0 * n + simulation::envelope_B) / config.bandwidth_Bps).epsilon(1e-9));
}

TEST_CASE("a run says where it ran") {
    Config config = support::star_of(3);
    config.cores = 4;
    config.memory_B = 1e9;
    const auto describe = [&] {
        return support::simulate_in_child_for_text(config, [](comm::Communicator&) {
            const backend::Description here = backend::describe();
            return fmt::format("{}|{}|{}|{}", here.platform, here.host, here.host_cores,
                               here.host_memory_bytes);
        });
    };
    const std::string text = describe().ranks[2];
    INFO(text);
    CHECK(text.find("star of 3 hosts") == 0);
    CHECK(text.find("|host-2|4|1000000000") != std::string::npos);
    config.platform = shipped("lan_8.xml");
    CHECK(describe().ranks[0].find(config.platform) == 0);
}

}  // namespace test_platforms
