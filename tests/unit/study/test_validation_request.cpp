#include <filesystem>

#include "base/file.hpp"
#include "refusal.hpp"
#include "result/files.hpp"
#include "study/alike_runs.hpp"
#include "study/launch/temporary_folder.hpp"
#include "study/manual/page.hpp"
#include "study/validate/reference.hpp"
#include "study/validate/request.hpp"
#include "study/validate/run.hpp"
#include "tests/support/catch.hpp"
#include "validation_runs.hpp"

namespace test_validation_request {

using namespace lockstep;
using namespace lockstep::study;
using test::refusal;
using test::run_of;

namespace {

/// Two runs in folders of their own, and what comes of reading them for the scenario of run_of().
class Folders {
  public:
    std::filesystem::path add(const std::string& name, const result::Result& result) {
        const auto folder = temporary_.path() / name;
        result::write_run(result, folder);
        folders_.push_back(folder);
        return folder;
    }
    std::vector<Run> read(const scenario::Config& config = run_of(1).config) const {
        return read_references(folders_, config);
    }

  private:
    TemporaryFolder temporary_;
    std::vector<std::filesystem::path> folders_;
};

std::string refused(const result::Result& result, const scenario::Config& config = run_of(1).config) {
    Folders folders;
    folders.add("a", result);
    return refusal([&] { folders.read(config); });
}

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a calibration is of the same scenario as a real run") {
    const std::vector<std::string> words{
        "a.ini",         "--workers",     "2",         "--repeats",       "3", "--out", "v", "--format=json",
        "--variability", "lognormal:0.1", "--cores=2", "--launcher-args", "-v"};
    CHECK(calibration_arguments(words, {}) ==
          std::vector<std::string>{"calibrate", "a.ini", "--workers", "2", "--launcher-args", "-v"});
}

TEST_CASE("the machine is calibrated unless something says what it is") {
    const auto request = [](std::vector<std::string> words) {
        words.insert(words.end(), {"--train-samples", "200", "--test-samples", "50"});
        return requested_validation(scenario::parse(words, page_of("validate").keys));
    };
    CHECK(request({}).calibrates);
    CHECK(request({"--cores", "2"}).calibrates);
    CHECK_FALSE(request({"--speed", "5Gf"}).calibrates);
    CHECK_FALSE(request({"--latency", "1us"}).calibrates);
    CHECK_FALSE(request({"--bandwidth", "1Gbps"}).calibrates);
    CHECK_FALSE(request({"--platform", "platforms/lan_8.xml"}).calibrates);
    CHECK_FALSE(request({"--measured", "a,b"}).calibrates);
    CHECK(request({"--measured", "a,b"}).measured == std::vector<std::filesystem::path>{"a", "b"});
    CHECK(request({}).criteria.time_percent == 5);
    CHECK(request({"--method", "by-arrival"}).criteria.time_percent == 10);
    CHECK(request({"--time-tolerance", "7.5%"}).criteria.time_percent == 7.5);
    CHECK(request({}).criteria.test_samples == 50);
}

TEST_CASE("simulated runs are repeated only where something is drawn") {
    std::vector<scenario::Config> platforms{run_of(1).config};
    scenario::Config& config = platforms.front();
    CHECK(planned_simulated_runs(platforms, 4, {}).size() == 1);
    config.variability = base::Distribution::parse("--variability", "lognormal:0.2");
    auto runs = planned_simulated_runs(platforms, 3, "out");
    REQUIRE(runs.size() == 3);
    CHECK(runs[0].config.platform_seed == 1);
    CHECK(runs[2].config.platform_seed == 3);
    CHECK(runs[2].out == "out/simulated-3");
    config.platform_seed = 7;
    runs = planned_simulated_runs(platforms, 2, {});
    CHECK(runs[1].config.platform_seed == 8);
    CHECK(runs[1].out.empty());
    CHECK(planned_real_runs(config, 5, "out")[4].out == "out/real-5");
}

TEST_CASE(
    "where timing decides simulated runs have ties that end otherwise, and the first is as it is asked for") {
    std::vector<scenario::Config> platforms{run_of(1).config};
    platforms.front().method = scenario::Method("by-arrival");
    const auto runs = planned_simulated_runs(platforms, 5, {});
    REQUIRE(runs.size() == 5);
    CHECK(runs[0].config == platforms.front());
    CHECK(runs[1].config.stragglers.front().worker == 0);
    CHECK(runs[2].config.stragglers.front().worker == 1);
    // Seeds would draw what the emulated processors of the real runs do not.
    platforms.front().emulate_speed_flops = 1e8;
    platforms.front().variability = base::Distribution::parse("--variability", "lognormal:0.2");
    const auto emulated = planned_simulated_runs(platforms, 2, {});
    CHECK(emulated[1].config.platform_seed == emulated[0].config.platform_seed);
    REQUIRE(chance_of(platforms.front()) == Chance::draws);
    CHECK(emulated[1].config.stragglers.size() == 1);
}

TEST_CASE(
    "each platform that was measured is simulated once, with a seed of its own where anything is drawn") {
    std::vector<scenario::Config> platforms(3, run_of(1).config);
    for (std::size_t i = 0; i < platforms.size(); ++i)
        platforms[i].speed_flops = 1e9 * static_cast<double>(i + 1);
    auto runs = planned_simulated_runs(platforms, 5, "out");
    REQUIRE(runs.size() == 3);
    CHECK(runs[2].config.speed_flops == 3e9);
    CHECK(runs[2].out == "out/simulated-3");
    CHECK(runs[2].config.platform_seed == runs[0].config.platform_seed);
    for (scenario::Config& platform : platforms)
        platform.variability = base::Distribution::parse("--variability", "lognormal:0.2");
    runs = planned_simulated_runs(platforms, 5, "out");
    REQUIRE(runs.size() == 3);
    CHECK(runs[0].config.platform_seed == 1);
    CHECK(runs[2].config.platform_seed == 3);
    CHECK(runs[2].config.speed_flops == 3e9);
}

TEST_CASE(
    "a result of the same configuration is a reference, on whatever platform and with whatever output") {
    Folders folders;
    Run run = run_of(3);
    run.result->config.speed_flops = 1e9;
    run.result->config.format = scenario::Format::csv;
    const auto folder = folders.add("a", *run.result);
    const auto runs = folders.read();
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].name == folder.string());
    CHECK(runs[0].result->summary.elapsed_s == 3);
}

TEST_CASE("a result of another configuration is refused by the first key that differs") {
    Run run = run_of(3);
    run.result->config.lr = 0.5;
    run.result->config.seed = 9;
    CHECK(contains(refused(*run.result),
                   "a/result.json: config.lr: given '0.5'; allowed: '1', as in the scenario"));
}

TEST_CASE("keys that do not apply, and folders of the same data, may differ") {
    Run run = run_of(3);
    run.result->config.beta = 0.25;  // of mix alone
    run.result->config.data = "mnist:/cluster/mnist";
    scenario::Config config = run_of(3).config;
    config.data = "mnist:../mnist";
    Folders folders;
    folders.add("a", *run.result);
    CHECK(folders.read(config).size() == 1);
    CHECK(contains(refused(*run.result), "config.data: given 'mnist:/cluster/mnist'"));
}

TEST_CASE("what measured nothing is refused") {
    const auto changed = [](auto&& change) {
        Run run = run_of(3);
        change(*run.result);
        return refused(*run.result);
    };
    CHECK(contains(changed([](auto& result) { result.provenance.oversubscribed = true; }),
                   "provenance.oversubscribed: given 'true'"));
    CHECK(contains(changed([](auto& result) { result.summary.outcome = result::Outcome::stalled; }),
                   "stalled"));
    CHECK(contains(changed([](auto& result) { result.summary.outcome = result::Outcome::aborted; }),
                   "summary.outcome: given 'aborted'"));
    CHECK(contains(changed([](auto& result) { result.summary.elapsed_s = 0; }),
                   "summary.elapsed_s: given '0'"));
    CHECK(contains(changed([](auto& result) { result.workers.pop_back(); }), "workers: given '1 ranks'"));
    CHECK(contains(changed([](auto& result) { result.config.numerics = scenario::Numerics::none; }),
                   "config.numerics: given 'none'"));
}

TEST_CASE("real and simulated references do not mix") {
    Folders folders;
    folders.add("a", *run_of(3).result);
    folders.add("b", *run_of(3, "simulated").result);
    CHECK(contains(refusal([&] { folders.read(); }), "b/result.json: provenance.world: given 'simulated'"));
}

TEST_CASE("what happens in simulation alone has no real reference, but a simulated one") {
    scenario::Config config = run_of(3).config;
    config.stragglers.push_back({.worker = 1, .factor = 4});
    CHECK(contains(refused(*run_of(3).result, config), "--straggler: given 'worker=1,factor=4'"));
    Folders folders;
    folders.add("a", *run_of(3, "simulated").result);
    CHECK(folders.read(config).size() == 1);
}

}  // namespace test_validation_request
