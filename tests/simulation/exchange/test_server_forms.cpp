// The closed forms of time and staleness that docs/algorithms.md states for methods with servers, each over
// the sizes of its domain.
//
// Symbols: m time that a part of v, or all of it, takes on one link, alpha apart; A time of applying it.
#include <algorithm>
#include <functional>
#include <queue>

#include <catch2/catch.hpp>

#include "tests/simulation/exchange/timed_run.hpp"

using namespace lockstep;
using scenario::Config;
using scenario::Method;
using simulation::settled_s;
using simulation::timed;
using simulation::timed_job;
using simulation::timed_run;
using support::Job;

namespace {

/// A part of v on one of the servers: its time on a link, and that of so many operations a value.
struct Part {
    double link_s;
    double values;
    double speed;

    Part(const Config& config, std::size_t n)
        : values(static_cast<double>(n) / static_cast<double>(scenario::server_count(config))),
          speed(config.speed_flops) {
        link_s = (4 * values + simulation::envelope_B) / config.bandwidth_Bps;
    }
    double operations_s(double a_value) const { return a_value * values / speed; }
};

double number(std::size_t count) {
    return static_cast<double>(count);
}

/// All send together to all servers, or are sent to: the links of the servers or of the workers are full.
double all_together_s(const Config& config, const Part& part) {
    return config.latency_s + number(std::max(config.workers, scenario::server_count(config))) * part.link_s;
}

/// A worker that sends to, or gets from, all servers while nobody else does.
double alone_s(const Config& config, const Part& part) {
    return config.latency_s + number(scenario::server_count(config)) * part.link_s;
}

double step_s(const Config& config, const Job& job) {
    return job.step_flops / config.speed_flops;
}

}  // namespace

TEST_CASE("a round in which a server hears of all before it answers: step, 2 alpha + 2 c m, operations") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 3, 4, 8, 16);
    const auto n = GENERATE(as<std::size_t>(), 24, 1200, 120'000);
    const double latency_s = GENERATE(0.0, 50e-6, 5e-3);
    const auto kind = GENERATE(range(0, 6));
    Config config = timed(Method::bounded_staleness, workers);
    config.latency_s = latency_s;
    const double c = number(workers);
    double operations = 2 * c;  // bounded-staleness with s = 0
    if (kind < 4) config.servers = std::vector<std::size_t>{1, 2, 3, 8}[static_cast<std::size_t>(kind)];
    if (kind < 4) config.staleness_bound = 0;
    if (kind == 4) {
        config.method = Method::softsync;
        operations = workers == 1 ? 2 : c + 2;
    }
    if (kind == 5) {
        config.method = Method::backup_workers;
        config.backup = 0;
        config.optimiser = scenario::Optimiser::momentum;
        operations = workers == 1 ? 4 : c + 4;
    }
    const Job job = timed_job(6, n, 3e6);
    const Part part(config, n);
    const double round_s =
        step_s(config, job) + 2 * all_together_s(config, part) + part.operations_s(operations);
    CAPTURE(workers, n, latency_s, kind);
    CHECK(settled_s(timed_run(config, job), 1) == Approx(round_s).epsilon(1e-9));
}

TEST_CASE("a worker that waits for nobody: steps, two messages, operations at both ends") {
    const auto servers = GENERATE(as<std::size_t>(), 1, 2, 4);
    const auto n = GENERATE(as<std::size_t>(), 24, 1200, 120'000);
    const double latency_s = GENERATE(0.0, 50e-6, 5e-3);
    Config config = timed(Method::by_arrival, 1, servers);
    config.latency_s = latency_s;
    double at_servers = 2;
    double at_worker = 0;
    std::size_t steps = 1;
    SECTION("by-arrival: delta") {}
    SECTION("by-arrival: mix") {
        config.update = scenario::UpdateRule::mix;
        at_servers = 3;
    }
    SECTION("by-arrival: replace") {
        config.update = scenario::UpdateRule::replace;
        at_servers = 0;
    }
    SECTION("bounded-staleness") {
        config.method = Method::bounded_staleness;
    }
    SECTION("dc-asgd without compensation") {
        config.method = Method::dc_asgd;
        config.compensation = 0;
    }
    SECTION("dc-asgd") {
        config.method = Method::dc_asgd;
        at_servers = 7;
    }
    SECTION("dc-asgd, adaptive") {
        config.method = Method::dc_asgd;
        config.compensation_rule = scenario::Compensation::adaptive;
        at_servers = 13;
    }
    SECTION("easgd") {
        config.method = Method::easgd;
        config.period.steps = steps = GENERATE(as<std::size_t>(), 1, 3);
        at_servers = at_worker = 3;
    }
    const Job job = timed_job(12 * steps, n, 3e6);
    const Part part(config, n);
    const double cycle_s = number(steps) * step_s(config, job) + 2 * alone_s(config, part) +
                           part.operations_s(at_servers) + at_worker * number(n) / config.speed_flops;
    CAPTURE(servers, n, latency_s);
    CHECK(settled_s(timed_run(config, job), 1) * number(steps) == Approx(cycle_s).epsilon(1e-9));
}

/// What is pushed in between has been applied before the push that is answered.
TEST_CASE("between two pulls a worker has m steps, two messages and one update") {
    const auto push_every = GENERATE(as<std::size_t>(), 1, 2, 3);
    const auto pushes = GENERATE(as<std::size_t>(), 1, 2, 5);
    const auto n = GENERATE(as<std::size_t>(), 24, 12'000);
    Config config = timed(Method::by_arrival, 1);
    config.push_every = push_every;
    config.pull_every = push_every * pushes;
    config.latency_s = GENERATE(0.0, 50e-6);
    const Job job = timed_job(6 * config.pull_every, n, 5e6);
    const Part part(config, n);
    const double one_way_s = alone_s(config, part);
    REQUIRE(one_way_s + part.operations_s(2) < number(push_every) * step_s(config, job));
    const double cycle_s =
        number(config.pull_every) * step_s(config, job) + 2 * one_way_s + part.operations_s(2);
    CHECK(settled_s(timed_run(config, job), 1) * number(config.pull_every) == Approx(cycle_s).epsilon(1e-9));
}

/// The others wait with their next steps done; when the slow one's gradient is there, all are answered at
/// once. With s = 0 the gradients of the workers after it are applied after it, too.
TEST_CASE("with a bound the slow worker's step, message and update and c answers at once pace all") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 4, 8);
    const auto servers = GENERATE(as<std::size_t>(), 1, 3);
    const auto bound = GENERATE(as<std::size_t>(), 0, 1, 4);
    const auto n = GENERATE(as<std::size_t>(), 24, 1200, 12'000);
    Config config = timed(Method::bounded_staleness, workers, servers);
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
    const double last_that_wait = 0.5;  // before, they get ahead
    CHECK(settled_s(timed_run(config, job), last_that_wait) == Approx(round_s).epsilon(1e-9));
}

namespace {

/// Of equal workers that are served by arrival, a round: at least what one alone takes, or the servers' links
/// or processors; at most what all together take.
struct Limits {
    double least_s;
    double most_s;

    Limits(const Config& config, const Job& job) {
        const Part part(config, job.start.size());
        const double c = number(config.workers);
        const double step = step_s(config, job);
        const double update_s = part.operations_s(2);
        least_s = std::max({step + 2 * alone_s(config, part) + update_s, c * part.link_s, c * update_s});
        most_s = step + 2 * all_together_s(config, part) + c * update_s;
    }
};

}  // namespace

TEST_CASE("by arrival a round of equal workers lies between one worker's alone and that of all together") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 3, 4, 8, 16, 64);
    const auto servers = GENERATE(as<std::size_t>(), 1, 2, 4);
    const auto n = GENERATE(as<std::size_t>(), 24, 1200, 120'000);
    Config config = timed(GENERATE(Method::by_arrival, Method::dc_asgd), workers, servers);
    config.latency_s = GENERATE(0.0, 50e-6, 5e-3);
    config.compensation = 0;
    const Job job = timed_job(40, n, 3e6);
    const Limits limits(config, job);
    const double round_s = settled_s(timed_run(config, job));
    CAPTURE(workers, servers, n, config.latency_s, round_s / limits.least_s, round_s / limits.most_s);
    CHECK(round_s >= limits.least_s * (1 - 5e-3));
    CHECK(round_s <= limits.most_s * (1 + 5e-3));
}

TEST_CASE("where updates take no time equal workers stay together for ever") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 4, 8, 16);
    const auto servers = GENERATE(as<std::size_t>(), 1, 2, 4);
    const auto n = GENERATE(as<std::size_t>(), 1200, 120'000);
    Config config = timed(Method::by_arrival, workers, servers);
    config.speeds_flops = std::vector<double>(workers, 5e9);
    config.speed_flops = 1e15;
    const Job job = timed_job(20, n, 3e6);
    const Part part(config, n);
    const double round_s = job.step_flops / 5e9 + 2 * all_together_s(config, part);
    CHECK(settled_s(timed_run(config, job), 1) == Approx(round_s).epsilon(1e-6));
}

/// Answers leave one update's time after each other. On a shared link the first runs alone, then with one
/// other, ...: it has had A (1 + 1/2 + ... + 1/(c-1)) m^-1 of its message when the last one joins it.
TEST_CASE("a shared link widens the gaps between answers from (c-1) A to (c H - (c-1)) A") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 3, 4, 8, 16);
    Config config = timed(Method::by_arrival, workers);
    const Job job = timed_job(2, 120'000, 3e6);
    const Part part(config, 120'000);
    const double c = number(workers);
    double harmonic = 0;
    for (std::size_t k = 1; k < workers; ++k) harmonic += 1 / number(k);
    const auto run = timed_run(config, job);
    std::vector<double> first_s;
    for (const auto& own : run.own_s) first_s.push_back(own[0]);
    const auto [first, last] = std::ranges::minmax(first_s);
    CHECK(last - first == Approx((c * harmonic - (c - 1)) * part.operations_s(2)).epsilon(1e-6));
}

/// The page's examples: 1 ms of computing, and applying on the worker where it does that.
TEST_CASE("how fast a convoy dissolves, and what several servers change") {
    constexpr std::size_t n = 100'000;
    const auto round_s = [&](Method method, std::size_t workers, std::size_t servers) {
        Config config = timed(method, workers, servers);
        config.staleness_bound = 0;
        const double step_flops = method == Method::by_arrival ? 5e6 + 2 * n : 5e6;
        return settled_s(timed_run(config, timed_job(100, n, step_flops)));
    };
    const double link_s = Part(timed(Method::by_arrival, 1), n).link_s;
    for (const auto& [workers, share] : {std::pair(4, 0.58), std::pair(8, 0.90), std::pair(16, 0.98)})
        CHECK(workers * link_s / round_s(Method::by_arrival, static_cast<std::size_t>(workers), 1) ==
              Approx(share).margin(0.005));
    const double in_step_s[] = {26.9e-3, 14.0e-3, 7.5e-3};
    const double by_arrival_s[] = {22.0e-3, 12.2e-3, 7.6e-3};
    for (const std::size_t i : {0U, 1U, 2U}) {
        CHECK(round_s(Method::bounded_staleness, 4, 1U << i) == Approx(in_step_s[i]).margin(0.05e-3));
        CHECK(round_s(Method::by_arrival, 4, 1U << i) == Approx(by_arrival_s[i]).margin(0.05e-3));
    }
}

/// By arrival, too, where all are equal.
TEST_CASE("a server's link apart, a round in turn is the slowest worker's way or c updates") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 5, 16);
    const auto n = GENERATE(as<std::size_t>(), 24, 1200);
    Config config = timed(GENERATE(Method::in_turn, Method::by_arrival), workers);
    config.bandwidth_Bps = 1e18;  // messages that meet on the server's link do not slow each other down
    config.latency_s = GENERATE(0.0, 50e-6, 5e-3);
    config.speeds_flops = std::vector<double>(workers, 5e9);
    config.speed_flops = GENERATE(5e9, 1e7);  // of the server
    Job job = timed_job(20, n, 3e6);
    if (config.method == Method::in_turn) job.first_is_slow = GENERATE(1.0, 4.0);
    const double update_s = 2 * number(n) / config.speed_flops;
    const double way_s = job.first_is_slow * job.step_flops / 5e9 + 2 * config.latency_s + update_s;
    const double round_s = std::max(way_s, number(workers) * update_s);
    CHECK(settled_s(timed_run(config, job), 0.25) == Approx(round_s).epsilon(1e-9));
}

namespace {

double scattered(std::size_t worker, std::uint64_t step) {
    return 1 + static_cast<double>((7 * worker + 5 * step * step + 3 * worker * step) % 31) / 10;
}

/// When a server that takes no time has made each of its steps of v, each of the first `wanted` gradients of
/// the current v, or of any v; over messages that take `alpha_s`.
std::vector<double> kth_gradient_s(const Job& job, std::size_t workers, std::size_t wanted, double speed,
                                   double alpha_s, bool drops, std::size_t versions) {
    struct Arrival {
        double at_s;
        std::size_t worker;
        std::size_t read;
        bool operator>(const Arrival& other) const { return at_s > other.at_s; }
    };
    std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> under_way;
    std::vector<std::uint64_t> steps(workers);
    std::vector<double> v_s;
    const auto start = [&](std::size_t worker, double at_s) {
        const double step_s = job.step_flops * scattered(worker, steps[worker]++) / speed;
        under_way.push({at_s + alpha_s + step_s + alpha_s, worker, v_s.size()});
    };
    for (std::size_t worker = 0; worker < workers; ++worker) start(worker, -alpha_s);
    std::vector<std::size_t> here;
    while (v_s.size() < versions) {
        const Arrival next = under_way.top();
        under_way.pop();
        if (drops && next.read < v_s.size()) {
            start(next.worker, next.at_s);
            continue;
        }
        here.push_back(next.worker);
        if (here.size() < wanted) continue;
        v_s.push_back(next.at_s);
        for (const std::size_t worker : here) start(worker, next.at_s);
        here.clear();
    }
    return v_s;
}

Config without_times_but_latency(Method method, std::size_t workers) {
    Config config = timed(method, workers);
    config.bandwidth_Bps = 1e18;
    config.speeds_flops = std::vector<double>(workers, 5e9);
    config.speed_flops = 1e15;
    return config;
}

}  // namespace

TEST_CASE("backup-workers: a round ends with the (c - b)-th gradient of the current v") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 4, 8);
    Config config = without_times_but_latency(Method::backup_workers, workers);
    config.backup = GENERATE(as<std::size_t>(), 0, 1, 3);
    if (config.backup >= workers) return;
    Job job = timed_job(12, 24, 3e6);
    job.step_factor = scattered;
    const auto expected =
        kth_gradient_s(job, workers, workers - config.backup, 5e9, config.latency_s, true, 12);
    const auto v_s = timed_run(config, job).v_s;
    REQUIRE(v_s.size() == 12);
    for (std::size_t round = 1; round < 12; ++round)
        CHECK(v_s[round] - v_s[0] == Approx(expected[round] - expected[0]).epsilon(1e-6));
}

TEST_CASE("softsync: a step of v is made with the K-th gradient, of whatever v") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 4, 8);
    Config config = without_times_but_latency(Method::softsync, workers);
    config.splitting = GENERATE(as<std::size_t>(), 1, 2, 4);
    if (config.splitting > workers) return;
    Job job = timed_job(12, 24, 3e6);
    job.step_factor = scattered;
    const std::size_t wanted = workers / config.splitting;
    const auto expected =
        kth_gradient_s(job, workers, wanted, 5e9, config.latency_s, false, 8 * config.splitting);
    const auto v_s = timed_run(config, job).v_s;
    for (std::size_t step = 1; step < 8; ++step)  // before anybody is done
        CHECK(v_s[step] - v_s[0] ==
              Approx(expected[(step + 1) * config.splitting - 1] - expected[config.splitting - 1])
                  .epsilon(1e-6));
}

TEST_CASE("mean staleness of equal workers") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 4, 8, 16);
    const double c = number(workers);
    constexpr std::size_t periods = 40;
    SECTION("pushes and pulls: (c - 1) (m / k + 1) / 2, less at the start") {
        Config config = timed(Method::by_arrival, workers);
        const auto pushes = GENERATE(as<std::size_t>(), 1, 2, 4);
        config.push_every = GENERATE(as<std::size_t>(), 1, 3);
        config.pull_every = config.push_every * pushes;
        const Job job = timed_job(periods * config.pull_every, 24, 3e6);
        const double expected = (c - 1) * (number(pushes) + 1) / 2;
        CAPTURE(workers, pushes);
        CHECK(timed_run(config, job).mean_staleness == Approx(expected).epsilon(0.03));
        CHECK(timed_run(config, job).mean_staleness <= expected);
    }
    SECTION("easgd: (c - 1) (1 - c / 2U), U exchanges") {
        Config config = timed(Method::easgd, workers);
        config.period.steps = GENERATE(as<std::size_t>(), 1, 3);
        const Job job = timed_job(periods * config.period.steps, 24, 3e6);
        CHECK(timed_run(config, job).mean_staleness ==
              Approx((c - 1) * (1 - c / (2 * periods * c))).epsilon(1e-9));
    }
    SECTION("bounded-staleness with s = 0: (c - 1) / 2") {
        Config config = timed(Method::bounded_staleness, workers);
        config.staleness_bound = 0;
        CHECK(timed_run(config, timed_job(periods, 24, 3e6)).mean_staleness == Approx((c - 1) / 2));
    }
    SECTION("softsync: splitting - 1, less at the start") {
        Config config = timed(Method::softsync, workers);
        config.splitting = GENERATE(as<std::size_t>(), 1, 2, 4);
        if (workers % config.splitting > 0) return;
        const double mean = timed_run(config, timed_job(periods, 24, 3e6)).mean_staleness;
        CHECK(mean == Approx(number(config.splitting) - 1).epsilon(0.03));
    }
}
