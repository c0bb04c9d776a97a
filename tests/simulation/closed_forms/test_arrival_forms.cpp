// The closed forms of time and staleness that docs/algorithms.md states for equal workers that are served by
// arrival, and for servers that wait for some of several gradients, each over the sizes of its domain.
#include <algorithm>
#include <functional>
#include <queue>

#include "tests/simulation/closed_forms/part_time.hpp"
#include "tests/support/catch.hpp"

namespace test_arrival_forms {

using namespace lockstep;
using scenario::Config;
using scenario::Method;
using support::Job;
using support::StepFactor;
using namespace lockstep::simulation;

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

/// All of the run, since each round may take some of the next one's messages.
TEST_CASE("by arrival a round of equal workers lies between one worker's alone and that of all together") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 3, 4, 8, 16, 64);
    const auto servers = GENERATE(as<std::size_t>(), 1, 2, 4);
    const auto n = GENERATE(as<std::size_t>(), 24, 1200, 120'000);
    Config config = timed(Method("by-arrival"), workers, servers);
    config.latency_s = GENERATE(0.0, 5e-3);
    const Job job = timed_job(20, n, 3e6);
    const Limits limits(config, job);
    const double farewells_s = number(servers - 1) * all_together_s(config, Part(config, 0));
    const double elapsed_s = timed_run(config, job).elapsed_s;
    CAPTURE(workers, servers, n, config.latency_s);
    CHECK(elapsed_s >= 20 * limits.least_s * (1 - 1e-9));
    CHECK(elapsed_s <= (20 * limits.most_s + farewells_s) * (1 + 1e-9));
}

/// For a few rounds: rounding grows, too.
TEST_CASE("where updates take no time equal workers stay together") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 4, 8, 16);
    const auto servers = GENERATE(as<std::size_t>(), 1, 2, 4);
    const auto n = GENERATE(as<std::size_t>(), 1200, 120'000);
    Config config = timed(Method("by-arrival"), workers, servers);
    config.speeds_flops = std::vector<double>(workers, 5e9);
    config.speed_flops = 1e15;
    const Job job = timed_job(4, n, 3e6);
    const Part part(config, n);
    const double round_s = job.step_flops / 5e9 + 2 * all_together_s(config, part);
    CHECK(settled_s(timed_run(config, job), 0) == Approx(round_s).epsilon(1e-5));
}

/// Answers leave one update's time after each other. On a shared link the first runs alone, then with one
/// other, ...: it has had A (1 + 1/2 + ... + 1/(c-1)) m^-1 of its message when the last one joins it.
TEST_CASE("a shared link widens the gaps between answers from (c-1) A to (c H - (c-1)) A") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 3, 4, 8, 16);
    Config config = timed(Method("by-arrival"), workers);
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
        const double step_flops = method == Method("by-arrival") ? 5e6 + 2 * n : 5e6;
        return settled_s(timed_run(config, timed_job(100, n, step_flops)));
    };
    const double link_s = Part(timed(Method("by-arrival"), 1), n).link_s;
    const auto share = [&](std::size_t workers) {
        return number(workers) * link_s / round_s(Method("by-arrival"), workers, 1);
    };
    CHECK(share(4) == Approx(0.6).margin(0.05));
    CHECK(share(8) == Approx(0.9).margin(0.05));
    CHECK(share(16) > 0.9);
    const double in_step_s[] = {26.9e-3, 14.0e-3, 7.5e-3};
    const double by_arrival_s[] = {22e-3, 12.2e-3, 7.6e-3};
    for (const std::size_t i : {0U, 1U, 2U}) {
        CHECK(round_s(Method("bounded-staleness"), 4, 1U << i) == Approx(in_step_s[i]).margin(0.05e-3));
        CHECK(round_s(Method("by-arrival"), 4, 1U << i) == Approx(by_arrival_s[i]).epsilon(0.03));
    }
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
    Config config = without_times_but_latency(Method("backup-workers"), workers);
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
    Config config = without_times_but_latency(Method("softsync"), workers);
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
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 4, 8);
    const double c = number(workers);
    constexpr std::size_t periods = 20;
    SECTION("pushes and pulls: (c - 1) (m / k + 1 - 1 / P) / 2, P periods of each worker") {
        Config config = timed(Method("by-arrival"), workers);
        const auto pushes = GENERATE(as<std::size_t>(), 1, 2, 4);
        config.push_every = GENERATE(as<std::size_t>(), 1, 3);
        config.pull_every = config.push_every * pushes;
        const double expected = (c - 1) * (number(pushes) + 1 - 1.0 / periods) / 2;
        CAPTURE(workers, pushes, config.push_every);
        const auto mean = [&](std::size_t n) {
            return timed_run(config, timed_job(periods * config.pull_every, n, 3e6)).mean_staleness;
        };
        CHECK(mean(24) == Approx(expected).epsilon(1e-9));
        if (config.push_every > 1) return;
        // Where messages fill the server's link and the workers are no longer in step, it is more.
        const double when_full = mean(120'000);
        CHECK(when_full >= expected * (1 - 1e-9));
        CHECK(when_full <= expected * 1.08);
    }
    SECTION("easgd: (c - 1) (1 - c / 2U), U exchanges") {
        Config config = timed(Method("easgd"), workers);
        config.period.steps = GENERATE(as<std::size_t>(), 1, 3);
        const Job job =
            timed_job(periods * config.period.steps, GENERATE(as<std::size_t>(), 24, 120'000), 3e6);
        CHECK(timed_run(config, job).mean_staleness ==
              Approx((c - 1) * (1 - c / (2 * periods * c))).epsilon(1e-9));
    }
    SECTION("bounded-staleness with s = 0: (c - 1) / 2") {
        Config config = timed(Method("bounded-staleness"), workers);
        config.staleness_bound = 0;
        Job job = timed_job(periods, GENERATE(as<std::size_t>(), 24, 120'000), 3e6);
        job.step_factor = GENERATE(StepFactor(nullptr), StepFactor(scattered));
        CHECK(timed_run(config, job).mean_staleness == Approx((c - 1) / 2).epsilon(1e-9));
    }
    SECTION("softsync: (splitting - 1) (1 - 1 / 2T), T steps of each worker") {
        Config config = timed(Method("softsync"), workers);
        config.splitting = GENERATE(as<std::size_t>(), 1, 2, 4);
        if (workers % config.splitting > 0) return;
        const double mean =
            timed_run(config, timed_job(periods, GENERATE(as<std::size_t>(), 24, 120'000), 3e6))
                .mean_staleness;
        CHECK(mean == Approx((number(config.splitting) - 1) * (1 - 1 / (2.0 * periods))).epsilon(1e-9));
    }
}

}  // namespace test_arrival_forms
