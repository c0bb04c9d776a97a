// Stragglers, pauses, failures, profiles, shared hosts: how long arithmetic takes and who waits.
#include <cmath>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

#include "backend/backend.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"

namespace test_slow_processors {

using namespace lockstep;
using result::Outcome;
using scenario::Config;
using scenario::Method;

namespace {

constexpr double for_ever = scenario::for_ever_s;

Config one_worker() {
    Config config = support::star_of(2);
    config.speed_flops = 1e9;
    return config;
}

/// When worker 0 has done pieces of work of these lengths, in seconds at full speed.
std::vector<double> moments(const Config& config, const std::vector<double>& pieces_s) {
    return support::simulate_values(config, [&](comm::Communicator& communicator) {
        communicator.barrier();
        backend::start_clock();
        const double start_s = communicator.now_s();
        std::vector<double> done_s;
        if (communicator.rank() == 0)
            for (const double piece_s : pieces_s) {
                backend::compute(piece_s * 1e9, [] {});
                done_s.push_back(communicator.now_s() - start_s);
            }
        return done_s;
    })[0];
}

void check_moments(const Config& config, const std::vector<double>& pieces_s,
                   const std::vector<double>& expected_s) {
    const auto done_s = moments(config, pieces_s);
    REQUIRE(done_s.size() == expected_s.size());
    for (std::size_t i = 0; i < expected_s.size(); ++i)
        CHECK(done_s[i] == Approx(expected_s[i]).epsilon(1e-9));
}

/// Rounds or updates that take some milliseconds each.
Config training(Method method, std::size_t workers) {
    Config config = simulation::steps_of(simulation::phantom(method, workers, 1000, 5e6), 100);
    config.latency_s = 10e-6;
    return config;
}

}  // namespace

TEST_CASE("a straggler's work takes its factor, from its start to its end, in the middle of a piece too") {
    Config config = one_worker();
    config.stragglers = {{0, 4, 2, 10}};
    // 2 s at full speed, then 1 s of work takes 4: done at 6; 2 s of work: 1 until 10, 1 after.
    check_moments(config, {2, 1, 2}, {2, 6, 11});
    check_moments(config, {5}, {2 + 8 + 1});
    config.stragglers = {{0, 4}};
    check_moments(config, {1, 1}, {4, 8});
    config.stragglers = {{0, 0.5}};
    check_moments(config, {1}, {0.5});
    config.stragglers = {{1, 4}};
    check_moments(config, {1}, {1});
}

TEST_CASE("nothing is computed in a pause, nor between a failure and its end") {
    Config config = one_worker();
    config.pauses = {{0, 1, 0.25, 0}};
    check_moments(config, {0.5, 0.25, 1.5}, {0.75, 1, 3});
    config.pauses.clear();
    config.failures = {{0, 2, 5}};
    check_moments(config, {1.5, 1}, {1.5, 5.5});
}

TEST_CASE("a speed profile is integrated exactly") {
    const std::string file =
        (std::filesystem::temp_directory_path() / fmt::format("lockstep-speed-{}.txt", ::getpid())).string();
    std::ofstream(file) << "0 1\n2 0.5\nLOOPAFTER 2\n";
    Config config = one_worker();
    config.speed_profiles = {{0, file}};
    check_moments(config, {2, 1, 3, 30}, {2, 4, 8, 48});
    std::filesystem::remove(file);
}

TEST_CASE("the slowest worker paces rotation, a straggler as much as a slow host") {
    Config config = training(Method("in-turn"), 4);
    config.stragglers = {{2, 4}};
    // c updates take the slowest worker's cycle: 4 times a step and the application of its update.
    const double cycle_s = 4 * (5e6 + 2 * 1000 + 2 * 1000) / config.speed_flops;
    const double elapsed_s = simulation::whole_run(config).summary.elapsed_s;
    CHECK(elapsed_s == Approx(100 * cycle_s).epsilon(0.01));
    config.stragglers.clear();
    config.speeds_flops = {5e9, 5e9, 1.25e9, 5e9};
    CHECK(simulation::whole_run(config).summary.elapsed_s == Approx(elapsed_s).epsilon(1e-9));
}

TEST_CASE("by arrival a straggler moves shares and staleness, not time") {
    Config config = training(Method("by-arrival"), 4);
    const auto healthy = simulation::whole_run(config);
    config.stragglers = {{2, 4}};
    const auto slow = simulation::whole_run(config);
    // 3 1/4 workers' worth of work in place of 4, and the straggler's last step to wait for.
    CHECK(slow.summary.elapsed_s == Approx(healthy.summary.elapsed_s * 4 / 3.25).epsilon(0.05));
    CHECK(slow.workers[2].update_share == Approx(0.25 / 3.25).epsilon(0.15));
    CHECK(slow.workers[2].mean_staleness > 3 * slow.workers[0].mean_staleness);
}

TEST_CASE("a synchronous run stalls when a worker stops for good, and says so") {
    const auto method = GENERATE(Method("sync-average"), Method("in-turn"));
    Config config = training(method, 4);
    config.failures = {{1, 10e-3}};
    const auto result = simulation::whole_run(config);
    CHECK(result.summary.outcome == Outcome::stalled);
    CHECK(result.summary.elapsed_s >= 10e-3);
    CHECK(result.summary.elapsed_s < 13e-3);
    for (const result::Worker& worker : result.workers) {
        CHECK_FALSE(worker.completed);
        CHECK(worker.steps < 20);
        CHECK(worker.compute_s + worker.wait_s + worker.transfer_s + worker.other_s ==
              Approx(worker.elapsed_s).epsilon(1e-9));
    }
}

TEST_CASE("a synchronous run whose worker comes back loses the time in between") {
    Config config = training(Method("sync-average"), 4);
    const double healthy_s = simulation::whole_run(config).summary.elapsed_s;
    config.failures = {{1, 10e-3, 60e-3}};
    const auto result = simulation::whole_run(config);
    CHECK(result.summary.outcome == Outcome::finished);
    CHECK(result.summary.elapsed_s > healthy_s + 48e-3);
    CHECK(result.summary.elapsed_s <= healthy_s + 50e-3 + 1e-12);
}

TEST_CASE("by arrival the others go on without a worker that stops") {
    Config config = training(Method("by-arrival"), 4);
    config.failures = {{1, 10e-3}};
    const auto result = simulation::whole_run(config);
    CHECK(result.summary.outcome == Outcome::finished);
    CHECK(result.summary.updates == 400 - 1);  // the step that it never finished
    CHECK_FALSE(result.workers[1].completed);
    CHECK(result.workers[1].updates < 15);
    CHECK(result.workers[0].completed);
    CHECK(result.workers[0].updates > 120);
    CHECK(result.workers[0].transfer_s > 0);
}

TEST_CASE("several workers on a host share its cores") {
    Config config = training(Method("sync-average"), 4);
    config.workers_per_host = 4;
    config.cores = 4;
    config.loopback_bandwidth_Bps = 1e15;
    const double enough_s = simulation::whole_run(config).summary.compute_s;
    config.cores = 2;
    CHECK(simulation::whole_run(config).summary.compute_s == Approx(2 * enough_s).epsilon(0.01));
    config.cores = 4;
    config.speeds_flops = {5e9, 5e9, 5e9, 1e9};
    const auto mixed = simulation::whole_run(config);
    CHECK(mixed.workers[3].compute_s == Approx(5 * mixed.workers[0].compute_s).epsilon(0.01));
    CHECK(mixed.workers[3].host == mixed.workers[0].host);
}

/// Wherever the failure hits a collective, a token or a server, what was done until then is a result.
TEST_CASE("a run whose worker stops ends with a result at any moment, for all methods and eager limits") {
    const auto method = GENERATE(Method("sync-average"), Method("in-turn"), Method("by-arrival"));
    const auto eager_B = GENERATE(0.0, 1e9);
    const auto at_s = GENERATE(0.0, 1e-3, 1.3e-3, 2e-3, 3.7e-3);
    Config config = training(method, 4);
    config.train_samples = 12;
    config.eager_limit_B = eager_B;
    config.failures = {{3, at_s}};
    config.busy_power_W = 100;
    CAPTURE(method.name(), eager_B, at_s);
    const auto result = simulation::whole_run(config);
    CHECK(result.workers.size() == scenario::rank_count(config));
    CHECK(result.workers[2].steps > 0);
    CHECK(result.summary.energy_J > 0);
    for (const result::Worker& worker : result.workers) {
        CHECK(worker.wait_s >= -1e-12);
        CHECK(worker.compute_s + worker.wait_s + worker.transfer_s + worker.other_s ==
              Approx(worker.elapsed_s).margin(1e-12));
    }
}

TEST_CASE("what the others made of v is evaluated when a worker has stopped") {
    Config config;
    config.method = Method("by-arrival");
    config.workers = 4;
    config.train_samples = 1000;
    config.test_samples = 200;
    config.batch = 50;
    config.epochs = 1;
    config.lr = 0.2;
    config.failures = {{1, 0}};
    const auto result = simulation::whole_run(config);
    CHECK(result.summary.updates == 19);
    CHECK(result.history.back().updates == 19);
    CHECK(result.history.back().samples == 19 * 50);
    CHECK(result.summary.test_accuracy > 0.2);
    CHECK(result.summary.parameters_digest.size() == 32);
}

TEST_CASE("a run of which nobody is left has stalled") {
    Config config = training(GENERATE(Method("sync-average"), Method("by-arrival")), 2);
    config.failures = {{0, 1e-3}, {1, 2e-3}};
    CHECK(simulation::whole_run(config).summary.outcome == Outcome::stalled);
    config = training(Method("serial"), 1);
    config.failures = {{0, 1e-3}};
    CHECK(simulation::whole_run(config).summary.outcome == Outcome::stalled);
}

/// Two ranks on one core take turns, so that each has half of it while both compute.
TEST_CASE("events come in time where ranks share a core") {
    Config config = one_worker();
    config.workers_per_host = 2;
    config.cores = 1;
    config.stragglers = {{0, 4, 0, 1}};
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        communicator.barrier();
        backend::start_clock();
        const double start_s = communicator.now_s();
        backend::compute(1e9, [] {});
        return std::vector{communicator.now_s() - start_s};
    });
    // Worker 0 does 1/8 in the first second and 1/2 in the next, when worker 1 is done; the rest alone.
    CHECK(ranks[1][0] == Approx(2).epsilon(1e-6));
    CHECK(ranks[0][0] == Approx(2.375).epsilon(1e-6));
}

TEST_CASE("standing still is no computing, and a message's overhead neither computing nor blocked") {
    Config config = training(Method("by-arrival"), 2);
    config.pauses = {{1, 1e-3, 0.5e-3, 0}};
    const auto paused = simulation::whole_run(config);
    const result::Worker& worker = paused.workers[1];
    const double step_s = (6 * *config.flops_per_sample + 2 * config.parameters) / config.speed_flops;
    CHECK(worker.compute_s == Approx(static_cast<double>(worker.steps) * step_s).epsilon(1e-6));
    CHECK(worker.other_s > 0.3 * worker.elapsed_s);
    config.pauses.clear();
    config.message_overhead_s = 2e-3;
    const auto burdened = simulation::whole_run(config);
    for (const result::Worker& rank : burdened.workers)
        CHECK(rank.other_s >= 2e-3 * static_cast<double>(rank.messages_sent.value_or(0)));
}

TEST_CASE("what happens to processors spares the messages before the clock starts and after it stops") {
    Config config = training(Method("sync-average"), 2);
    config.message_overhead_s = GENERATE(0.0, 20e-6);
    if (GENERATE(false, true)) config.receive_bandwidth_Bps = 1e9;
    const double healthy_s = simulation::whole_run(config).summary.elapsed_s;
    config.pauses = {{1, 1000, 3e-3, 0}};
    CHECK(simulation::whole_run(config).summary.elapsed_s == Approx(healthy_s + 3e-3).epsilon(1e-9));
    config.pauses.clear();
    config.stragglers = {{1, 50, healthy_s + 1e-6}};
    config.failures = {{0, healthy_s + 1e-6}};
    const auto reported = simulation::whole_run(config);
    CHECK(reported.summary.outcome == Outcome::finished);
    CHECK(reported.summary.elapsed_s == healthy_s);
    config.failures = {{1, 0}};
    const auto stalled = simulation::whole_run(config);
    CHECK(stalled.summary.outcome == Outcome::stalled);
    CHECK(stalled.workers[1].compute_s == 0);
    CHECK(stalled.workers[0].steps == 1);
}

TEST_CASE("a speed profile that ends at 0 is a failure") {
    const std::string file =
        (std::filesystem::temp_directory_path() / fmt::format("lockstep-end-{}.txt", ::getpid())).string();
    std::ofstream(file) << "0.005 0\n";
    Config config = training(GENERATE(Method("sync-average"), Method("in-turn"), Method("by-arrival")), 3);
    config.speed_profiles = {{1, file}};
    const auto profiled = simulation::whole_run(config);
    std::filesystem::remove(file);
    config.speed_profiles.clear();
    config.failures = {{1, 5e-3}};
    const auto failed = simulation::whole_run(config);
    CHECK(profiled.summary.outcome == failed.summary.outcome);
    CHECK(profiled.summary.elapsed_s == failed.summary.elapsed_s);
    CHECK(profiled.summary.updates == failed.summary.updates);
    CHECK_FALSE(profiled.workers[1].completed);
}

}  // namespace test_slow_processors
