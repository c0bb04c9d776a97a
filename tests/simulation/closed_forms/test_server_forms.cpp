// The closed forms of time that docs/algorithms.md states for methods with servers, but for those of workers
// that are served by arrival together (test_arrival_forms.cpp), each over the sizes of its domain.
#include <algorithm>

#include "tests/simulation/closed_forms/part_time.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using scenario::Config;
using scenario::Method;
using support::Job;
using namespace lockstep::simulation;

TEST_CASE("a round in which a server hears of all before it answers: step, 2 alpha + 2 c m, operations") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 3, 8, 16);
    const auto n = GENERATE(as<std::size_t>(), 24, 120'000);
    const double latency_s = GENERATE(0.0, 5e-3);
    const auto kind = GENERATE(range(0, 6));
    Config config = timed(Method("bounded-staleness"), workers);
    config.latency_s = latency_s;
    const double c = number(workers);
    double operations = 2 * c;  // bounded-staleness with s = 0
    if (kind < 4) config.servers = std::vector<std::size_t>{1, 2, 3, 8}[static_cast<std::size_t>(kind)];
    if (kind < 4) config.staleness_bound = 0;
    if (kind == 4) {
        config.method = Method("softsync");
        operations = workers == 1 ? 2 : c + 2;
    }
    if (kind == 5) {
        config.method = Method("backup-workers");
        config.backup = 0;
        config.optimiser = scenario::OptimiserRule("momentum");
        operations = workers == 1 ? 4 : c + 4;
    }
    const Job job = timed_job(6, n, 3e6);
    const Part part(config, n);
    const double round_s =
        step_s(config, job) + 2 * all_together_s(config, part) + part.operations_s(operations);
    CAPTURE(workers, n, latency_s, kind);
    CHECK(settled_s(timed_run(config, job), 0) == Approx(round_s).epsilon(1e-9));
}

TEST_CASE("a worker that waits for nobody: steps, two messages, operations at both ends") {
    const auto servers = GENERATE(as<std::size_t>(), 1, 2, 4);
    const auto n = GENERATE(as<std::size_t>(), 24, 120'000);
    const double latency_s = GENERATE(0.0, 5e-3);
    Config config = timed(Method("by-arrival"), 1, servers);
    config.latency_s = latency_s;
    double at_servers = 2;
    double at_worker = 0;
    std::size_t steps = 1;
    SECTION("by-arrival: delta") {}
    SECTION("by-arrival: mix") {
        config.update = scenario::UpdateRule("mix");
        at_servers = 3;
    }
    SECTION("by-arrival: replace") {
        config.update = scenario::UpdateRule("replace");
        at_servers = 0;
    }
    SECTION("bounded-staleness") {
        config.method = Method("bounded-staleness");
    }
    SECTION("dc-asgd without compensation") {
        config.method = Method("dc-asgd");
        config.compensation = 0;
    }
    SECTION("dc-asgd") {
        config.method = Method("dc-asgd");
        at_servers = 7;
    }
    SECTION("dc-asgd, adaptive") {
        config.method = Method("dc-asgd");
        config.compensation_rule = exchange::Compensation::adaptive;
        at_servers = 13;
    }
    SECTION("easgd") {
        config.method = Method("easgd");
        config.period.steps = steps = GENERATE(as<std::size_t>(), 1, 3);
        at_servers = at_worker = 3;
    }
    const Job job = timed_job(12 * steps, n, 3e6);
    const Part part(config, n);
    const double cycle_s = number(steps) * step_s(config, job) + 2 * alone_s(config, part) +
                           part.operations_s(at_servers) + at_worker * number(n) / config.speed_flops;
    CAPTURE(servers, n, latency_s);
    CHECK(settled_s(timed_run(config, job), 0) == Approx(cycle_s).epsilon(1e-9));
}

/// What is pushed in between has been applied before the push that is answered.
TEST_CASE("between two pulls a worker has m steps, two messages and one update") {
    const auto push_every = GENERATE(as<std::size_t>(), 1, 2, 3);
    const auto pushes = GENERATE(as<std::size_t>(), 1, 2, 5);
    const auto n = GENERATE(as<std::size_t>(), 24, 12'000);
    Config config = timed(Method("by-arrival"), 1);
    config.push_every = push_every;
    config.pull_every = push_every * pushes;
    config.latency_s = GENERATE(0.0, 50e-6);
    const Job job = timed_job(6 * config.pull_every, n, 5e6);
    const Part part(config, n);
    const double one_way_s = alone_s(config, part);
    REQUIRE(one_way_s + part.operations_s(2) < number(push_every) * step_s(config, job));
    const double cycle_s =
        number(config.pull_every) * step_s(config, job) + 2 * one_way_s + part.operations_s(2);
    const std::vector<double> pushed_s = timed_run(config, job).v_s;
    REQUIRE(pushed_s.size() == 6 * pushes);
    CHECK(pushed_s[5 * pushes] - pushed_s[0] == Approx(5 * cycle_s).epsilon(1e-9));
}

/// The others wait with their next steps done; when the slow one's gradient is there, all are answered at
/// once. With s = 0 the gradients of the workers after it are applied after it, too. First they get ahead, at
/// the end they are done.
TEST_CASE("with a bound the slow worker's step, message and update and c answers at once pace all") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 4, 8);
    const auto servers = GENERATE(as<std::size_t>(), 1, 3);
    const auto bound = GENERATE(as<std::size_t>(), 0, 1, 4);
    const auto n = GENERATE(as<std::size_t>(), 24, 12'000);
    Config config = timed(Method("bounded-staleness"), workers, servers);
    config.staleness_bound = bound;
    config.latency_s = GENERATE(0.0, 50e-6);
    Job job = timed_job(20, n, 1e6);
    job.first_is_slow = 100;
    const Part part(config, n);
    REQUIRE(step_s(config, job) + 2 * all_together_s(config, part) + number(workers) * part.operations_s(2) <
            job.first_is_slow * step_s(config, job));
    const double updates = bound == 0 ? number(workers) : 1;
    const double round_s = job.first_is_slow * step_s(config, job) + alone_s(config, part) +
                           updates * part.operations_s(2) + all_together_s(config, part);
    CAPTURE(workers, servers, bound, n);
    CHECK(settled_s(timed_run(config, job), 0.4, 0.8) == Approx(round_s).epsilon(1e-9));
}

/// By arrival, too, where all are equal.
TEST_CASE("a server's link apart, a round in turn is the slowest worker's way or c updates") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 5, 16);
    const auto n = GENERATE(as<std::size_t>(), 24, 1200);
    Config config = timed(GENERATE(Method("in-turn"), Method("by-arrival")), workers);
    config.bandwidth_Bps = 1e18;  // messages that meet on the server's link do not slow each other down
    config.latency_s = GENERATE(0.0, 5e-3);
    config.speeds_flops = std::vector<double>(workers, 5e9);
    config.speed_flops = GENERATE(5e9, 1e7);  // of the server
    Job job = timed_job(20, n, 3e6);
    if (config.method == Method("in-turn")) job.first_is_slow = GENERATE(1.0, 4.0);
    const double update_s = 2 * number(n) / config.speed_flops;
    const double way_s = job.first_is_slow * job.step_flops / 5e9 + 2 * config.latency_s + update_s;
    const double round_s = std::max(way_s, number(workers) * update_s);
    CHECK(settled_s(timed_run(config, job), 0.75) == Approx(round_s).epsilon(1e-9));
}
