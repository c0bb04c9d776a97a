// Methods with servers where workers are unequal, stop, or share the servers' links: who waits, and for what.
#include <algorithm>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "scenario/config.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/exchange_run.hpp"

namespace test_served_methods {

using namespace lockstep;
using result::Outcome;
using scenario::Config;
using scenario::Method;
using support::Job;

namespace {

Job job_of(std::size_t steps, std::size_t values, double step_flops = 5e6) {
    return {.steps = steps,
            .start = std::vector<float>(values, 1),
            .gradient = support::integer_gradient,
            .step_flops = step_flops};
}

Config served(Method method, std::size_t workers) {
    Config config = support::star_of(workers);
    config.method = method;
    config.server = exchange::Server::dedicated;
    return config;
}

/// Rounds or updates that take some milliseconds each.
Config training(Method method, std::size_t workers) {
    Config config = simulation::steps_of(simulation::phantom(method, workers, 1000, 5e6), 40);
    config.server = exchange::Server::dedicated;
    config.latency_s = 10e-6;
    return config;
}

/// The largest difference of two workers' numbers of steps at any moment.
std::uint64_t largest_lead(const Config& config, const Job& job) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<double> workers;
        communicator.barrier();
        backend::start_clock();
        for (const exchange::Update& update : run_exchange(communicator, config, job).updates)
            workers.push_back(static_cast<double>(update.worker));
        return workers;
    });
    CHECK(ranks[0].size() == job.steps * config.workers);
    std::vector<std::uint64_t> clocks(config.workers);
    std::uint64_t lead = 0;
    for (const double worker : ranks[0]) {
        ++clocks[static_cast<std::size_t>(worker)];
        const auto [fewest, most] = std::ranges::minmax(clocks);
        lead = std::max(lead, most - fewest);
    }
    return lead;
}

}  // namespace

TEST_CASE("under any speeds nobody gets further ahead than the bound allows, and some do get that far") {
    const auto speeds =
        GENERATE(std::vector<double>{5e9, 5e9, 5e9, 0.5e9}, std::vector<double>{5e9, 0.3e9, 2e9, 1e9},
                 std::vector<double>{0.1e9, 5e9, 5e9, 5e9}, std::vector<double>{1e9, 1.1e9, 1.2e9, 1.3e9});
    const auto bound = GENERATE(as<std::size_t>(), 0, 1, 2, 5);
    Config config = served(Method("bounded-staleness"), 4);
    config.speeds_flops = speeds;
    config.staleness_bound = bound;
    const Job job = job_of(40, 100);
    CAPTURE(speeds, bound);
    CHECK(largest_lead(config, job) == bound + 1);
    config.servers = 3;
    CHECK(largest_lead(config, job) == bound + 1);
    config.staleness_bound = std::nullopt;
    CHECK(largest_lead(config, job) > 6);
}

TEST_CASE("under stragglers and pauses the bound holds too") {
    Config config = served(Method("bounded-staleness"), 5);
    config.staleness_bound = 2;
    config.pauses = {{0, 20e-3, 5e-3, 1e-3}, {3, 9e-3, 2e-3, 2e-3}};
    config.stragglers = {{1, 6, 10e-3, 30e-3}, {4, 3, 20e-3}};
    CHECK(largest_lead(config, job_of(60, 50)) == 3);
}

TEST_CASE("with bound 0 the slowest worker paces all; with a bound it may be slow for a while") {
    Config config = training(Method("bounded-staleness"), 4);
    config.staleness_bound = std::nullopt;
    const double free_s = simulation::whole_run(config).summary.elapsed_s;
    config.stragglers = {{1, 4, 0, 4e-3}};  // for some steps of 1 ms
    config.staleness_bound = 0;
    const double locked_s = simulation::whole_run(config).summary.elapsed_s;
    config.staleness_bound = 8;
    const double bounded_s = simulation::whole_run(config).summary.elapsed_s;
    CHECK(locked_s > free_s + 2.5e-3);
    CHECK(bounded_s < free_s + 1.5e-3);
}

TEST_CASE("a backup worker hides a straggler, whose gradients are dropped") {
    Config config = training(Method("backup-workers"), 4);
    config.backup = 1;
    config.stragglers = {{2, 7.3}};
    const auto run = simulation::whole_run(config);
    config = training(Method("backup-workers"), 3);
    config.backup = 0;
    const auto three = simulation::whole_run(config);
    CHECK(run.summary.updates == 120);
    CHECK(run.workers[2].updates == 0);
    CHECK(run.workers[2].steps >= 5);
    CHECK(run.workers[0].elapsed_s == Approx(three.workers[0].elapsed_s).epsilon(0.02));
    CHECK(run.summary.messages == run.summary.predicted_messages);
    CHECK(run.history.back().epoch == Approx(0.75));  // a quarter of the samples never entered v
}

TEST_CASE("softsync is paced by its faster part") {
    Config config = training(Method("softsync"), 4);
    config.splitting = 1;
    config.stragglers = {{2, 5}};
    const double synchronous_s = simulation::whole_run(config).summary.elapsed_s;
    config.splitting = 2;
    const auto split = simulation::whole_run(config);
    CHECK(split.summary.elapsed_s < 0.4 * synchronous_s);
    CHECK(split.summary.updates == 160);
}

namespace {

std::vector<Config> every_served_method() {
    std::vector<Config> all;
    const auto add = [&](Method method, auto change) {
        all.push_back(training(method, 4));
        change(all.back());
    };
    for (const std::size_t servers : {1U, 3U}) {
        add(Method("by-arrival"), [&](Config& config) { config.servers = servers; });
        add(Method("by-arrival"), [&](Config& config) {
            config.servers = servers;
            config.push_every = 2;
            config.pull_every = 6;
        });
        add(Method("bounded-staleness"), [&](Config& config) {
            config.servers = servers;
            config.staleness_bound = std::nullopt;
        });
        add(Method("dc-asgd"), [&](Config& config) { config.servers = servers; });
        add(Method("easgd"), [&](Config& config) {
            config.servers = servers;
            config.period.steps = 3;
        });
        for (const std::size_t bound : {0U, 3U})
            add(Method("bounded-staleness"), [&](Config& config) {
                config.servers = servers;
                config.staleness_bound = bound;
            });
    }
    for (const std::size_t splitting : {1U, 2U, 4U})
        add(Method("softsync"), [&](Config& config) { config.splitting = splitting; });
    for (const std::size_t backup : {0U, 1U})
        add(Method("backup-workers"), [&](Config& config) { config.backup = backup; });
    return all;
}

std::string name_of(const Config& config) {
    return fmt::format("{}, {} servers, bound {}, splitting {}, backup {}, pull {}",
                       scenario::name(config.method), config.servers,
                       config.staleness_bound ? "some" : "none", config.splitting, config.backup,
                       config.pull_every);
}

/// Of a run with a worker that stops for good.
Outcome expected_without_a_worker(const Config& config) {
    if (config.method == Method("bounded-staleness") && config.staleness_bound) return Outcome::stalled;
    if (config.method == Method("softsync") && config.splitting == 1) return Outcome::stalled;
    if (config.method == Method("backup-workers") && config.backup == 0) return Outcome::stalled;
    return Outcome::finished;
}

}  // namespace

TEST_CASE("no mixture of stragglers, pauses and drawn times brings a served method to a standstill") {
    const auto eager_B = GENERATE(0.0, 1e9);
    for (Config config : every_served_method()) {
        config.eager_limit_B = eager_B;
        config.stragglers = {{1, 6}, {3, 3, 5e-3, 30e-3}};
        config.pauses = {{0, 15e-3, 4e-3, 0}};
        config.variability = base::Distribution::parse("--variability", "lognormal:0.7");
        CAPTURE(name_of(config), eager_B);
        const auto run = simulation::whole_run(config);
        CHECK(run.summary.outcome == Outcome::finished);
        CHECK(run.summary.updates ==
              40 * (4 - (config.method == Method("backup-workers") ? config.backup : 0)));
        CHECK(run.summary.messages == run.summary.predicted_messages);
        CHECK(run.summary.bytes == run.summary.predicted_bytes);
    }
}

TEST_CASE("a worker that stops for good stalls what needs it, and nothing else") {
    const auto at_s = GENERATE(0.0, 7.3e-3);
    for (Config config : every_served_method()) {
        config.failures = {{1, at_s}};
        CAPTURE(name_of(config), at_s);
        const auto run = simulation::whole_run(config);
        if (config.method == Method("softsync") && config.splitting == 2) {
            CHECK(run.summary.updates >= 160 - 3);  // two at a time, the last ones with the one that stopped
            continue;
        }
        CHECK(run.summary.outcome == expected_without_a_worker(config));
        CHECK_FALSE(run.workers[1].completed);
        CHECK(run.workers.size() == scenario::rank_count(config));
    }
}

TEST_CASE("one worker more than the backup is one too many") {
    Config config = training(Method("backup-workers"), 4);
    config.backup = 1;
    config.failures = {{1, 7.3e-3}, {2, 9e-3}};
    CHECK(simulation::whole_run(config).summary.outcome == Outcome::stalled);
}

}  // namespace test_served_methods
