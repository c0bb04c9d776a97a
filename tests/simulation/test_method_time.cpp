// How long whole methods take on the ideal star, against recurrences and closed forms.
//
// Symbols: C_k time of a step of worker k, A_k time of applying an update where it is applied (delta: 2 n
// operations), h time of one message of n values.
#include <algorithm>

#include <catch2/catch.hpp>

#include "exchange/collective.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/exchange_run.hpp"

using namespace lockstep;
using scenario::Config;
using support::Job;

namespace {

constexpr std::size_t n = 1000;

struct Times {
    double elapsed_s;
    std::vector<double> v_s;  ///< when each round of all workers was complete in v
};

Times run(const Config& config, const Job& job) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        const support::ExchangeRun run = run_exchange(communicator, config, job);
        std::vector<double> values{run.elapsed_s};
        for (const auto& v : run.shared) values.push_back(v.time_s);
        return values;
    });
    return {ranks[0][0], {ranks[0].begin() + 1, ranks[0].end()}};
}

Job job_of(std::uint64_t steps, double step_flops) {
    return {.steps = steps,
            .start = std::vector<float>(n, 1),
            .gradient = support::integer_gradient,
            .step_flops = step_flops};
}

double speed_of(const Config& config, std::size_t worker) {
    return config.speeds_flops.empty() ? config.speed_flops : config.speeds_flops[worker];
}

/// The time from one round of v to the next, at the end of the run.
double last_period_s(const Times& times) {
    return times.v_s.back() - times.v_s[times.v_s.size() - 2];
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
    config.method = scenario::Method::in_turn;
    config.speeds_flops = std::move(speeds);
    return config;
}

Config served(scenario::Method method, std::vector<double> speeds) {
    Config config = token(std::move(speeds));
    config.method = method;
    config.server = scenario::Server::dedicated;
    config.bandwidth_Bps = 1e18;  // messages that meet on the server's link do not slow each other down
    return config;
}

}  // namespace

TEST_CASE("a synchronous round is a step, an allreduce and the division by c") {
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 4, 8);
    Config config = support::star_of(workers);
    config.collective = GENERATE(scenario::Collective::tree, scenario::Collective::ring,
                                 scenario::Collective::recursive_doubling, scenario::Collective::rabenseifner,
                                 scenario::Collective::flat);
    const Job job = job_of(6, 3e6);
    const double allreduce_s =
        exchange::choose(config.collective).cost(workers, n, simulation::link_cost(config)).time_s;
    const double mean_s = workers > 1 ? n / config.speed_flops : 0;
    const double round_s = job.step_flops / config.speed_flops + allreduce_s + mean_s;
    CHECK(run(config, job).elapsed_s == Approx(6 * round_s).epsilon(1e-9));
}

TEST_CASE("the slowest worker paces a synchronous run") {
    Config config = support::star_of(4);
    config.speeds_flops = {5e9, 5e9, 1e9, 5e9};
    config.collective = scenario::Collective::recursive_doubling;
    const Job job = job_of(5, 1e7);
    const double slow_s = 5 * (1e7 / 1e9);
    const double elapsed_s = run(config, job).elapsed_s;
    CHECK(elapsed_s > slow_s);
    CHECK(elapsed_s < slow_s + 5 * 4 * simulation::message_s(config, n) + 1e-4);
}

TEST_CASE("in-turn with a token follows the recurrence of its updates, for any speeds") {
    const auto speeds = GENERATE(std::vector{5e9, 5e9}, std::vector{5e9, 5e9, 5e9},
                                 std::vector{5e9, 1e9, 3e9, 7e9}, std::vector{1e9, 5e9, 5e9, 5e9, 5e9});
    const Config config = token(speeds);
    const Job job = job_of(12, GENERATE(0.0, 1e5, 1e6, 1e7));
    CHECK(run(config, job).elapsed_s == Approx(token_elapsed_s(config, job)).epsilon(1e-9));
}

/// Once settled, a round takes what the token needs to go round, or what the slowest worker needs to compute
/// and apply.
TEST_CASE("an in-turn round takes the token's way or the slowest worker's") {
    const auto speeds =
        GENERATE(std::vector{5e9, 5e9}, std::vector{5e9, 5e9, 5e9}, std::vector{5e9, 5e9, 1e9, 5e9});
    const Config config = token(speeds);
    const Job job = job_of(20, GENERATE(1e4, 1e7));
    const double h = simulation::message_s(config, n);
    double way_s = 0;
    double slowest_s = 0;
    for (const double speed : speeds) {
        way_s += 2 * n / speed + h;
        slowest_s = std::max(slowest_s, (job.step_flops + 2 * n) / speed);
    }
    CHECK(last_period_s(run(config, job)) == Approx(std::max(way_s, slowest_s)).epsilon(1e-9));
    CHECK((way_s > slowest_s) == (job.step_flops == 1e4));
}

/// One worker alone computes and applies; there is nobody to send to.
TEST_CASE("one worker in turn computes and applies") {
    const Config config = token({5e9});
    CHECK(run(config, job_of(10, 1e6)).elapsed_s == Approx(10 * (1e6 + 2 * n) / 5e9).epsilon(1e-9));
}

/// With a server a worker's way is: compute, send, be applied, get v. In rotation the slowest worker's way or
/// c applications take a round; in order of arrival the same holds where all are equal.
TEST_CASE("a round with a server takes c applications or the slowest worker's way") {
    const auto method = GENERATE(scenario::Method::in_turn, scenario::Method::by_arrival);
    const auto workers = GENERATE(as<std::size_t>(), 1, 2, 5);
    Config config = served(method, std::vector<double>(workers, 5e9));
    config.speed_flops =
        GENERATE(5e9, 1e7);  // of the server: then it is idle most of the time, or the bottleneck
    const Job job = job_of(20, 1e7);
    const double h = simulation::message_s(config, n);
    const double apply_s = 2 * n / config.speed_flops;
    const double way_s = job.step_flops / 5e9 + 2 * h + apply_s;
    const double expected_s = std::max(way_s, static_cast<double>(workers) * apply_s);
    CHECK(last_period_s(run(config, job)) == Approx(expected_s).epsilon(1e-9));
}

TEST_CASE("in rotation the slowest worker paces all, also with a server") {
    const Config config = served(scenario::Method::in_turn, {5e9, 1e9, 5e9});
    const Job job = job_of(20, 1e7);
    const double way_s = 1e7 / 1e9 + 2 * simulation::message_s(config, n) + 2 * n / config.speed_flops;
    CHECK(last_period_s(run(config, job)) == Approx(way_s).epsilon(1e-9));
}
