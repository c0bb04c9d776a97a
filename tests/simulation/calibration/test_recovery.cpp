// Calibrating inside the simulator a platform of known parameters: what is found is what was put in.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "calibration/analysis.hpp"
#include "calibration/document.hpp"
#include "calibration/program.hpp"
#include "calibration/timed_updates.hpp"
#include "run/load_problem.hpp"
#include "scenario/options/options.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/simulated_child.hpp"

namespace test_recovery {

using namespace lockstep;
using nlohmann::json;
using scenario::Config;

namespace {

constexpr double one_per_cent = 0.01;

/// A star on which nothing has its default value.
Config known_platform(std::size_t workers) {
    Config config = support::star_of(workers);
    config.method = scenario::Method("sync-average");
    config.hidden = {16};
    config.batch = 50;
    config.train_samples = 2000;
    config.test_samples = 100;
    config.speed_flops = 3e9;
    config.vector_speed_flops = 7e8;
    config.copy_bandwidth_Bps = 4e9;
    config.latency_s = 40e-6;
    config.bandwidth_Bps = 6.25e7;
    return config;
}

/// The calibration file of `config`'s platform, measured on it.
json calibrated(const Config& config, double budget_s = 2, calibration::Part part = calibration::Part::all) {
    const run::Problem problem = run::load_problem(config);
    const calibration::Request request{"known", ".", std::size_t{256} << 10U, budget_s, part};
    const auto simulation =
        support::simulate_in_child_for_text(config, [&](comm::Communicator& communicator) {
            const auto measured = calibration::measure(communicator, config, problem, request);
            if (communicator.rank() != 0) return std::string();
            const auto found = calibration::find(measured, config, problem);
            return calibration::to_json(found, measured, config, {"known", "simulated", "", "", 0});
        });
    REQUIRE_FALSE(simulation.failure);
    return json::parse(simulation.ranks.front());
}

/// What a simulation on that calibration would be configured with.
Config settings_in(const json& file) {
    Config config;
    for (const auto& [key, value] : file.at("settings").items())
        scenario::find_option(key)->kind.set(config, key, value.get<std::string>());
    return config;
}

void check_within(double found, double known, double tolerance = one_per_cent) {
    CHECK(std::abs(found / known - 1) < tolerance);
}

}  // namespace

TEST_CASE("calibration recovers speed, latency and bandwidth of a known star") {
    const Config known = known_platform(3);
    const json file = calibrated(known);
    const Config found = settings_in(file);
    check_within(found.speed_flops, known.speed_flops);
    check_within(found.vector_speed_flops.value(), *known.vector_speed_flops);
    check_within(found.update_speed_flops.value(), *known.vector_speed_flops);  // which it is unless given
    check_within(found.copy_bandwidth_Bps.value(), *known.copy_bandwidth_Bps);
    check_within(found.latency_s, known.latency_s);
    check_within(found.bandwidth_Bps, known.bandwidth_Bps);
    CHECK(found.duplex == 2);
    CHECK(found.latency_factor.empty());
    CHECK(found.eager_limit_B == 0);
    CHECK(found.message_overhead_s == 0);
    CHECK(found.variability.is_constant());
    CHECK(file.at("worker_speeds_flops").empty());
    CHECK(file.at("warnings").empty());
    CHECK(file.at("messages").at(0).at("kind") == "remote");
    CHECK(file.at("messages").at(0).at("pairs").size() == 3);
    CHECK(file.at("messages").at(0).at("fit").at("largest_residual") < one_per_cent);
    CHECK(file.at("messages").at(0).at("simulated").at("largest_residual") < one_per_cent);
}

TEST_CASE("calibration recovers protocols that change with the size of a message") {
    Config known = known_platform(2);
    known.latency_factor = "0:1;4112:2.5";
    known.bandwidth_factor = "0:0.5;4112:1";
    known.eager_limit_B = 4096;
    known.message_overhead_s = 3e-6;
    known.duplex = 1.25;
    const Config found = settings_in(calibrated(known));
    check_within(found.message_overhead_s, known.message_overhead_s);
    check_within(found.latency_s, known.latency_s);
    check_within(found.bandwidth_Bps, known.bandwidth_Bps);
    check_within(found.duplex, known.duplex, 0.02);
    CHECK(found.eager_limit_B == known.eager_limit_B);
    REQUIRE_THAT(found.latency_factor, Catch::Matchers::StartsWith("0:1;4112:"));
    check_within(std::stod(found.latency_factor.substr(9)), 2.5);
    CHECK(found.bandwidth_factor == known.bandwidth_factor);
}

TEST_CASE("calibration recovers how much of a message leaves before the next one begins") {
    const auto ranks_of_host = GENERATE(1UL, 2UL);
    Config known = known_platform(3 * ranks_of_host);
    known.workers_per_host = ranks_of_host;
    known.cores = ranks_of_host;
    known.send_ahead = GENERATE(0.6, 1.0);
    CAPTURE(ranks_of_host, known.send_ahead);
    const json file = calibrated(known, 2, calibration::Part::network);
    const Config found = settings_in(file);
    check_within(found.send_ahead, known.send_ahead);
    check_within(found.latency_s, known.latency_s);
    check_within(found.bandwidth_Bps, known.bandwidth_Bps);
    CHECK(file.at("send_ahead").at("bytes") == file.at("usual_bytes"));
    CHECK(file.at("send_ahead").at("shares").size() > 5);
    CHECK(file.at("intervals").contains("send-ahead"));
}

TEST_CASE("messages that share their host's link from the start are told from those that queue") {
    Config known = known_platform(3);
    known.send_ahead = GENERATE(0.0, 0.2);  // less than the quarter after which the second one begins
    const json file = calibrated(known, 2, calibration::Part::network);
    CHECK(file.at("settings").at("send-ahead") == "0");
    CHECK_FALSE(file.at("intervals").contains("send-ahead"));
    for (const json& share : file.at("send_ahead").at("shares")) check_within(share.get<double>(), 0.25, 0.2);
}

TEST_CASE("fewer than three hosts, or messages that are mostly latency, tell nothing of what is sent ahead") {
    Config known = known_platform(2);
    SECTION("two hosts") {}
    SECTION("two hosts of two ranks") {
        known = known_platform(4);
        known.workers_per_host = 2;
        known.cores = 2;
    }
    SECTION("latency") {
        known = known_platform(3);
        known.latency_s = 2e-3;
    }
    known.send_ahead = 1;
    const json file = calibrated(known, 2, calibration::Part::network);
    CHECK(file.at("send_ahead").is_null());
    CHECK_FALSE(file.at("settings").contains("send-ahead"));
}

TEST_CASE("calibration tells what moves messages while a processor computes") {
    using enum scenario::OverlapProgress;
    Config known = known_platform(2);
    known.overlap_progress = GENERATE(ideal, receiver, none);
    CHECK(settings_in(calibrated(known)).overlap_progress == known.overlap_progress);
}

TEST_CASE("calibration recovers how steps scatter, and the shape of that") {
    Config known = known_platform(2);
    known.speed_flops = 2e10;  // more steps in the time there is
    const auto [text, shape] =
        GENERATE(table<const char*, const char*>({{"lognormal:0.1", "lognormal"},
                                                  {"uniform:0.3", "uniform"},
                                                  {"shifted-exponential:0.2", "shifted-exponential"}}));
    known.variability = base::Distribution::parse("", text);
    const json file = calibrated(known, 3);
    const Config found = settings_in(file);
    CAPTURE(text);
    CHECK_THAT(file.at("steps").at("shape").get<std::string>(), Catch::Matchers::StartsWith(shape));
    CHECK(found.variability.mean() == Approx(1).epsilon(1e-5));
    check_within(found.speed_flops, known.speed_flops);
    for (const double level : {0.1125, 0.5125, 0.8875})  // in the middle of bins
        check_within(found.variability.quantile(level), known.variability.quantile(level), 0.02);
    for (const json& worker : file.at("steps").at("workers"))
        CHECK(std::abs(worker.at("autocorrelation").get<double>()) < 0.1);
}

TEST_CASE("workers of different speeds are calibrated one by one, others take the mean") {
    Config known = known_platform(3);
    known.speeds_flops = {3e9, 3e9, 7.5e8};
    const json file = calibrated(known);
    const auto speeds = file.at("worker_speeds_flops").get<std::vector<double>>();
    REQUIRE(speeds.size() == 3);
    for (std::size_t worker = 0; worker < 3; ++worker)
        check_within(speeds[worker], known.speeds_flops[worker]);
    check_within(settings_in(file).speed_flops, 3e9);
    check_within(settings_in(file).update_speed_flops.value(), *known.vector_speed_flops);
    CHECK(file.at("warnings").size() == 1);
}

TEST_CASE("calibration recovers the speed of what optimisers and update rules do") {
    Config known = known_platform(2);
    known.update_speed_flops = 1.3e9;
    std::string updates;
    SECTION("of workers that meet") {
        known.method = "easgd";
        known.optimiser = "nesterov";
        updates = "nesterov, elastic steps of all";
    }
    SECTION("of neighbours") {
        known.method = "gossip";
        updates = "sgd, mean of neighbours";
    }
    SECTION("of workers and servers, which have a part each") {
        known.method = "easgd";
        known.server = scenario::Server::dedicated;
        known.servers = 2;
        known.optimiser = "momentum";
        updates = "momentum, elastic step";
    }
    SECTION("of a server alone") {
        known.method = "dc-asgd";
        known.compensation_rule = scenario::Compensation::adaptive;
        updates = "sgd, adaptive compensation";
    }
    const json file = calibrated(known, 1, calibration::Part::steps);
    const Config found = settings_in(file);
    check_within(found.update_speed_flops.value(), *known.update_speed_flops);
    check_within(found.vector_speed_flops.value(), *known.vector_speed_flops);
    check_within(file.at("update_flops_per_s").get<double>(), *known.update_speed_flops);
    CHECK(file.at("updates") == updates);
    CHECK(file.at("intervals").contains("update-speed"));
}

TEST_CASE("where no optimiser or update rule does anything nothing of them is measured") {
    Config known = known_platform(1);
    known.method = "serial";
    const json file = calibrated(known, 1, calibration::Part::steps);
    CHECK_FALSE(settings_in(file).update_speed_flops);
    CHECK(file.at("settings").at("update-speed") == "none");
    CHECK(file.at("updates") == "none");
    CHECK(file.at("update_flops_per_s") == 0);
}

TEST_CASE("the parameters that steps have come to stay as they are while updates are timed") {
    Config known = known_platform(2);
    known.optimiser = "momentum";
    const run::Problem problem = run::load_problem(known);
    const auto ranks = support::simulate_values(known, [&](comm::Communicator& communicator) {
        Config plain = known;
        plain.optimiser = "sgd";
        calibration::WorkPlan plan;
        plan.step_budget_s = 0.05;
        plan.vector_budget_s = 0.02;
        calibration::TimedSteps steps(communicator, plain, problem, nullptr);
        steps.take_within(plan);
        const std::vector<float> before(steps.parameters().begin(), steps.parameters().end());
        calibration::RankWork work;
        calibration::time_updates(communicator, known, problem, plan, steps, work);
        return std::vector{work.update_flops, work.update_s.value,
                           std::ranges::equal(before, steps.parameters()) ? 1.0 : 0.0};
    });
    const double flops = 5 * static_cast<double>(problem.parameters);  // momentum's, and of the mean
    for (const std::vector<double>& rank : ranks) {
        CHECK(rank[0] == flops);
        check_within(rank[1], flops / *known.vector_speed_flops);
        CHECK(rank[2] == 1);
    }
}

TEST_CASE("a few scattered steps tell nothing of workers that differ") {
    Config known = known_platform(3);
    known.variability = base::Distribution::parse("", "lognormal:0.5");
    const json file = calibrated(known, 0.1);
    std::vector<double> means_s;
    for (const json& worker : file.at("steps").at("workers"))
        means_s.push_back(worker.at("mean_s").get<double>());
    const auto [least_s, most_s] = std::ranges::minmax(means_s);
    CHECK(most_s / least_s > 1.05);
    CHECK(file.at("worker_speeds_flops").empty());
}

TEST_CASE("messages within a host and across hosts are told apart") {
    Config known = known_platform(4);
    known.workers_per_host = 2;
    known.cores = 2;
    known.loopback_latency_s = 2e-6;
    known.loopback_bandwidth_Bps = 3e9;
    const json file = calibrated(known);
    const Config found = settings_in(file);
    REQUIRE(file.at("messages").size() == 2);
    CHECK(file.at("messages").at(0).at("kind") == "local");
    CHECK(file.at("messages").at(0).at("pairs") == json({{0, 1}, {2, 3}}));
    check_within(found.loopback_latency_s, known.loopback_latency_s);
    check_within(found.loopback_bandwidth_Bps, known.loopback_bandwidth_Bps);
    check_within(found.latency_s, known.latency_s);
    check_within(found.bandwidth_Bps, known.bandwidth_Bps);
    CHECK(found.workers_per_host == 2);
    CHECK(found.cores == 2);
}

TEST_CASE("a run on the calibration takes as long as on the platform it is of") {
    Config known = known_platform(3);
    known.latency_factor = "0:1;4112:2.5";
    known.bandwidth_factor = "0:0.5;4112:1";
    const json file = calibrated(known);
    // Sizes that were not measured themselves.
    for (const std::size_t values : {900UL, 3000UL, 40000UL}) {
        const auto time_on = [&](const Config& config) {
            return support::simulate_values(config, [&](comm::Communicator& communicator) {
                std::vector<float> vector(values);
                communicator.barrier();
                const double began_s = communicator.now_s();
                if (communicator.rank() == 0) communicator.send(vector, 1);
                if (communicator.rank() == 1) communicator.receive(vector, 0);
                return std::vector{communicator.now_s() - began_s};
            })[1][0];
        };
        Config found = settings_in(file);
        found.method = known.method;
        found.workers = known.workers;
        check_within(time_on(found), time_on(known));
    }
}

}  // namespace test_recovery
