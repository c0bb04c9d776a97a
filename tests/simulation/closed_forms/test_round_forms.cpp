// The closed forms of time that docs/algorithms.md states for methods in which workers meet, or pass v on,
// without a server, each over the sizes of its domain.
//
// Symbols as in test_server_forms.cpp; T a collective with what is charged after it.
#include <algorithm>
#include <bit>

#include "comm/collectives/collective.hpp"
#include "tests/simulation/closed_forms/timed_run.hpp"
#include "tests/support/catch.hpp"

namespace test_round_forms {

using namespace lockstep;
using scenario::Collective;
using scenario::Config;
using scenario::Method;
using simulation::timed_job;
using simulation::timed_run;
using support::Job;

namespace {

const Collective all_collectives[] = {Collective("tree"), Collective("ring"),
                                      Collective("recursive-doubling"), Collective("rabenseifner"),
                                      Collective("flat")};

/// n is a multiple of this, and so of all numbers of workers below and of powers of two up to 16.
constexpr std::size_t divisible = 5040;

Config together(Method method, std::size_t workers) {
    Config config = simulation::timed(method, workers);
    config.server = exchange::Server::none;
    return config;
}

double collective_s(const Config& config, std::size_t n) {
    return config.collective->cost(config.workers, n, simulation::link_cost(config)).time_s;
}

/// So many operations on each of n values.
double operations_s(const Config& config, std::size_t n, double a_value) {
    return a_value * static_cast<double>(n) / config.speed_flops;
}

double step_s(const Config& config, const Job& job) {
    return job.step_flops / config.speed_flops;
}

double scattered(std::size_t worker, std::uint64_t step) {
    return 1 + static_cast<double>((7 * worker + 5 * step * step + 3 * worker * step) % 31) / 10;
}

/// The slowest sum of `period` steps, period by period, and the last ones.
double slowest_sums(const Job& job, std::size_t workers, std::size_t period) {
    double total = 0;
    for (std::uint64_t first = 0; first < job.steps; first += period) {
        double slowest = 0;
        for (std::size_t worker = 0; worker < workers; ++worker) {
            double sum = 0;
            for (std::uint64_t step = first; step < std::min(job.steps, first + period); ++step)
                sum += scattered(worker, step);
            slowest = std::max(slowest, sum);
        }
        total += slowest;
    }
    return total;
}

}  // namespace

TEST_CASE("equal workers: H steps, the collective, and the mean's n operations a period") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 3, 4, 7, 16);
    const auto n = GENERATE(as<std::size_t>(), divisible, 16 * divisible);
    const auto period = GENERATE(as<std::size_t>(), 0, 1, 3);  // 0: sync-average
    Config config = together(period == 0 ? Method("sync-average") : Method("local-sgd"), workers);
    config.latency_s = GENERATE(0.0, 5e-3);
    config.period.steps = std::max<std::size_t>(period, 1);
    const Job job = timed_job(7, n, 3e6);
    const std::size_t meetings = period == 3 ? 3 : 7;
    for (const Collective collective : all_collectives) {
        config.collective = collective;
        const double mean_s = workers > 1 ? operations_s(config, n, 1) : 0;
        const double expected_s =
            7 * step_s(config, job) + static_cast<double>(meetings) * (collective_s(config, n) + mean_s);
        CAPTURE(workers, n, period, config.latency_s, collective.name());
        CHECK(timed_run(config, job).elapsed_s == Approx(expected_s).epsilon(1e-9));
    }
}

TEST_CASE("allreduce: as sync-average, whose step applies the gradient, too") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 3, 8);
    Config config = together(Method("allreduce"), workers);
    config.latency_s = GENERATE(0.0, 5e-3);
    const Job job = timed_job(7, divisible, 3e6);
    for (const Collective collective : all_collectives) {
        config.collective = collective;
        const double round_s = step_s(config, job) + operations_s(config, divisible, workers > 1 ? 3 : 2) +
                               collective_s(config, divisible);
        CHECK(timed_run(config, job).elapsed_s == Approx(7 * round_s).epsilon(1e-9));
    }
}

TEST_CASE("steps of unequal length: the slowest sum of H counts where all take part in all of a collective") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 3, 4, 7, 8, 16);
    const auto period = GENERATE(as<std::size_t>(), 1, 3);
    Config config = together(Method("local-sgd"), workers);
    config.period.steps = period;
    config.latency_s = GENERATE(0.0, 50e-6);
    Job job = timed_job(9, divisible, 3e6);
    job.step_factor = scattered;
    for (const Collective collective : all_collectives) {
        config.collective = collective;
        const double meeting_s = collective_s(config, divisible) + operations_s(config, divisible, 1);
        const double steps_s = slowest_sums(job, workers, period) * step_s(config, job);
        const double most_s = steps_s + 9 / static_cast<double>(period) * meeting_s;
        const double found_s = timed_run(config, job).elapsed_s;
        const bool all_take_part =
            collective == Collective("ring") ||
            (std::has_single_bit(workers) &&
             (collective == Collective("recursive-doubling") || collective == Collective("rabenseifner")));
        CAPTURE(workers, period, collective.name(), found_s / most_s);
        if (all_take_part)
            CHECK(found_s == Approx(most_s).epsilon(1e-9));
        else
            CHECK((found_s > steps_s && found_s <= most_s * (1 + 1e-9)));
    }
}

/// Additions are made at each processor's own speed.
TEST_CASE("on unequal processors a round lies between that with the fastest's and the slowest's additions") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 4, 8);
    Config config = together(Method("sync-average"), workers);
    config.collective =
        GENERATE(Collective("ring"), Collective("recursive-doubling"), Collective("rabenseifner"));
    for (std::size_t i = 0; i < workers; ++i)
        config.speeds_flops.push_back(1e9 * (1 + static_cast<double>(3 * i % 8)));
    const auto [slowest, fastest] = std::ranges::minmax(config.speeds_flops);
    const Job job = timed_job(5, divisible, 3e6);
    const auto round_s = [&](double speed) {
        Config equal = config;
        equal.speed_flops = speed;
        return job.step_flops / slowest + collective_s(equal, divisible) + operations_s(equal, divisible, 1);
    };
    const double found_s = timed_run(config, job).elapsed_s / 5;
    CHECK(found_s >= round_s(fastest) * (1 - 1e-9));
    CHECK(found_s <= round_s(slowest) * (1 + 1e-9));
}

TEST_CASE("easgd without a server: H steps, an allreduce, 7 n operations") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 3, 8);
    const auto period = GENERATE(as<std::size_t>(), 1, 3);
    Config config = together(Method("easgd"), workers);
    config.period.steps = period;
    config.collective = GENERATE(Collective("ring"), Collective("flat"));
    config.latency_s = GENERATE(0.0, 50e-6);
    const Job job = timed_job(9, divisible, 3e6);
    const double meeting_s = collective_s(config, divisible) + operations_s(config, divisible, 7);
    CHECK(timed_run(config, job).elapsed_s ==
          Approx(9 * step_s(config, job) + 9 / static_cast<double>(period) * meeting_s).epsilon(1e-9));
}

/// The gradient is computed in four parts of equal time.
TEST_CASE("buckets: step, one bucket's ring, additions of all") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 3, 5, 10);
    const auto buckets = GENERATE(as<std::size_t>(), 1, 2, 4);
    const auto n = GENERATE(as<std::size_t>(), divisible, 16 * divisible);
    Config config = together(Method("allreduce"), workers);
    config.collective = Collective("ring");
    config.buckets = buckets;
    config.latency_s = GENERATE(0.0, 50e-6);
    const Job job = timed_job(3, n, 1e9);
    const auto k = static_cast<double>(buckets);
    const auto c = static_cast<double>(workers);
    const double bucket_s = collective_s(config, n / buckets);  // with its own additions
    REQUIRE(bucket_s < step_s(config, job) / k);
    const double other_additions_s = (k - 1) / k * operations_s(config, n, (c - 1) / c);
    const double round_s = step_s(config, job) + bucket_s + other_additions_s + operations_s(config, n, 3);
    CHECK(timed_run(config, job).elapsed_s == Approx(3 * round_s).epsilon(1e-9));
}

/// Settled. Staleness-aware steps of delta take 3 n operations where they are staler than 1.
TEST_CASE("in turn, a token: its way round or the slowest worker's step and update") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 3, 8, 16);
    const auto n = GENERATE(as<std::size_t>(), 24, 120'000);
    const auto rule = GENERATE(range(0, 4));
    Config config = together(Method("in-turn"), workers);
    config.latency_s = GENERATE(0.0, 5e-3);
    if (rule == 1) config.update = scenario::UpdateRule("mix");
    if (rule == 2) config.update = scenario::UpdateRule("replace");
    if (rule == 3) config.step_size = scenario::StepSize("staleness-aware");
    const double operations = rule == 2 ? 0 : rule == 1 || (rule == 3 && workers > 2) ? 3 : 2;
    Job job = timed_job(24, n, 3e6);
    job.first_is_slow = GENERATE(1.0, 40.0);
    const double update_s = operations_s(config, n, operations);
    const double way_s = static_cast<double>(workers) * (simulation::message_s(config, n) + update_s);
    const double expected_s = std::max(way_s, job.first_is_slow * step_s(config, job) + update_s);
    CAPTURE(workers, n, rule, config.latency_s);
    const auto run = timed_run(config, job);
    CHECK(simulation::settled_s(run, 0.75) == Approx(expected_s).epsilon(1e-9));
    const double c = static_cast<double>(workers);  // staleness is c - 1 but for each worker's first
    CHECK(run.mean_staleness == Approx((c - 1) * (1 - 1 / 24.0) + (c - 1) / 2 / 24.0).epsilon(1e-9));
}

/// Two workers: the passive one answers where the request has come before its gradient is done, otherwise in
/// its next step; the active one goes on when it has the answer.
TEST_CASE("ad-psgd: a pair follows the recurrence of its requests and answers") {
    const auto n = GENERATE(as<std::size_t>(), 24, 12'000);
    Config config = together(Method("ad-psgd"), 2);
    config.latency_s = GENERATE(0.0, 50e-6, 1e-3);
    Job job = timed_job(30, n, 3e6);
    job.step_factor = scattered;
    const double message_s = simulation::message_s(config, n);
    const double half_s = operations_s(config, n, 2);  // of an average, or applying the gradient
    const auto gradient_s = [&](std::size_t worker, std::uint64_t step) {
        return scattered(worker, step) * step_s(config, job);
    };
    const auto run = timed_run(config, job);
    double active_s = 0;  // when the active worker begins its next step
    std::uint64_t asked = 0;
    std::vector<double> active_done_s;
    double passive_s = 0;
    for (std::uint64_t step = 0; step + 1 < job.steps && asked < job.steps; ++step) {
        const double looks_s = passive_s + gradient_s(1, step);
        passive_s = looks_s + half_s;
        if (active_s + message_s <= looks_s) {
            passive_s += half_s;
            const double answered_s = looks_s + message_s;
            active_s = std::max(active_s + gradient_s(0, asked++), answered_s) + 2 * half_s;
            active_done_s.push_back(active_s);
        }
    }
    REQUIRE(active_done_s.size() > 5);
    for (std::size_t step = 1; step < active_done_s.size(); ++step)
        CHECK(run.own_s[0][step] - run.own_s[0][0] ==
              Approx(active_done_s[step] - active_done_s[0]).epsilon(1e-9));
}

}  // namespace test_round_forms
