// How long whole methods take on the ideal star, against recurrences and closed forms; those that need more
// than one size are in closed_forms/.
//
// Symbols: C_k time of a step of worker k, A_k time of applying an update where it is applied (delta: 2 n
// operations), h time of one message of n values.
#include <algorithm>

#include "comm/collectives/collective.hpp"
#include "tests/simulation/closed_forms/timed_run.hpp"
#include "tests/support/catch.hpp"

namespace test_method_time {

using namespace lockstep;
using scenario::Config;
using simulation::timed_run;
using support::Job;

namespace {

constexpr std::size_t n = 1000;

Job job_of(std::uint64_t steps, double step_flops) {
    return simulation::timed_job(steps, n, step_flops);
}

double speed_of(const Config& config, std::size_t worker) {
    return config.speeds_flops.empty() ? config.speed_flops : config.speeds_flops[worker];
}

/// The token's way: update j is applied by worker j mod c, when the token has come from the worker before and
/// the worker's own step is done, which began when the worker had applied its last. The next worker's receive
/// is already open then, so passing on takes h, during which both compute. The last update is not passed on.
double token_elapsed_s(const Config& config, const Job& job) {
    const std::size_t c = config.workers;
    const double h = simulation::message_s(config, n);
    std::vector<double> free_s(c, 0);  // when a worker begins its next step
    double token_s = 0;                // when the token reaches the next worker
    double applied_s = 0;
    for (std::size_t j = 0; j < job.steps * c; ++j) {
        const double speed = speed_of(config, j % c);
        applied_s = std::max(token_s, free_s[j % c] + job.step_flops / speed) + 2 * n / speed;
        free_s[j % c] = applied_s;
        token_s = applied_s + h;
    }
    return applied_s;
}

Config token(std::vector<double> speeds) {
    Config config = support::star_of(speeds.size());
    config.method = scenario::Method("in-turn");
    config.speeds_flops = std::move(speeds);
    return config;
}

}  // namespace

/// The gradient is computed in four parts of equal time, from the end of the vector on.
TEST_CASE("buckets that travel faster than the next one is computed hide all but the last") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 5, 10);
    Config config = support::star_of(workers);
    config.method = scenario::Method("allreduce");
    config.collective = scenario::Collective("ring");
    config.buckets = 4;
    const Job job = job_of(3, 1e9);
    const double bucket_s = comm::ring_cost(workers, n / 4, simulation::link_cost(config)).time_s;
    const double sums_s =
        n / config.speed_flops * (static_cast<double>(workers) - 1) /
        static_cast<double>(workers);  // of all buckets; in the closed form of one: a quarter
    const double part_s = job.step_flops / 4 / config.speed_flops;
    REQUIRE(bucket_s < part_s);
    const double round_s = 4 * part_s + bucket_s + 0.75 * sums_s + 3 * n / config.speed_flops;
    const double elapsed_s = timed_run(config, job).elapsed_s;
    CHECK(elapsed_s == Approx(3 * round_s).epsilon(1e-9));
    config.overlap_progress = scenario::OverlapProgress::none;
    const double one_after_the_other_s = 3 * (4 * part_s + 4 * bucket_s + 3 * n / config.speed_flops);
    CHECK(timed_run(config, job).elapsed_s == Approx(one_after_the_other_s).epsilon(1e-9));
}

/// Every worker does as much at the same time; messages travel in lockstep around the ring.
TEST_CASE("a compressed round is a step, its codes' arithmetic and their messages") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 4, 8);
    Config config = support::star_of(workers);
    config.method = scenario::Method("allreduce");
    config.collective = scenario::Collective("ring");
    config.latency_s = GENERATE(0.0, 50e-6, 5e-3);
    Job job = job_of(6, 3e6);
    job.columns = 40;  // of 25 rows: factors of 25 and 40 values
    const auto c = static_cast<double>(workers);
    comm::LinkCost link = simulation::link_cost(config);
    const auto ring = [&](std::size_t values) { return comm::ring_cost(workers, values, link).time_s; };
    const auto gather = [&](std::size_t words) { return comm::allgather_cost(workers, words, link).time_s; };
    const double mean = workers > 1 ? 1 : 0;
    double flops = 0;
    double messages_s = 0;
    SECTION("top-k: selected, decoded, eta g, u, m; sums of 10 values each") {
        config.compression = scenario::Compression("top-k");
        flops = 5 * n + 10 + 3 * n + c * 10 + mean * n;
        messages_s = gather(20);
    }
    SECTION("qsgd: 4 bits a value, and the norm") {
        config.compression = scenario::Compression("qsgd");
        flops = 6 * n + c * (3 + 1) * n + mean * n;
        messages_s = gather(126);
    }
    SECTION("sign: a bit a value") {
        config.compression = scenario::Compression("sign");
        flops = n + c * (1 + 1) * n + mean * n;
        messages_s = gather(32);
    }
    SECTION("bf16: conversions on the way and of the sum") {
        config.compression = scenario::Compression("bf16");
        job = job_of(6, 3e6);
        job.start.resize(1280, 1);  // chunks of whole words
        link.halves = true;
        flops = (2 + mean) * 1280;
        messages_s = ring(1280);
    }
    SECTION("power-sgd: two products, P's columns, a third product, Q's columns; eta g, u, m") {
        config.compression = scenario::Compression("power-sgd");
        config.compression_rank = GENERATE(as<std::size_t>(), 1, 2, 4);
        const auto r = static_cast<double>(config.compression_rank);
        job.start.resize(32 * 48, 1);
        job.columns = 48;
        const double values = 32 * 48;
        flops =
            3 * values + 3 * 2 * r * values + r * (4 * (r - 1) + 5) * 32 + 3 * r * 48 + mean * r * (32 + 48);
        messages_s = ring(32 * config.compression_rank) + ring(48 * config.compression_rank);
    }
    const double step_flops = job.step_flops + flops + 2 * static_cast<double>(job.start.size());
    const double round_s = step_flops / config.speed_flops + messages_s;
    CHECK(timed_run(config, job).elapsed_s == Approx(6 * round_s).epsilon(1e-9));
}

TEST_CASE("in-turn with a token follows the recurrence of its updates, for any speeds") {
    const auto speeds = GENERATE(std::vector{5e9, 5e9}, std::vector{5e9, 5e9, 5e9},
                                 std::vector{5e9, 1e9, 3e9, 7e9}, std::vector{1e9, 5e9, 5e9, 5e9, 5e9});
    const Config config = token(speeds);
    const Job job = job_of(12, GENERATE(0.0, 1e5, 1e6, 1e7));
    CHECK(timed_run(config, job).elapsed_s == Approx(token_elapsed_s(config, job)).epsilon(1e-9));
}

/// One worker alone computes and applies; there is nobody to send to.
TEST_CASE("one worker in turn computes and applies") {
    const Config config = token({5e9});
    CHECK(timed_run(config, job_of(10, 1e6)).elapsed_s == Approx(10 * (1e6 + 2 * n) / 5e9).epsilon(1e-9));
}

}  // namespace test_method_time
