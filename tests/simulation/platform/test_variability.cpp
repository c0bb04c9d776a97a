// Steps whose time scatters: synchronous rounds follow the recurrence of the slowest draw, asynchronous
// workers that are memoryless meet each other at random.
#include <algorithm>
#include <cmath>

#include <boost/math/distributions/chi_squared.hpp>

#include "comm/collectives/collective.hpp"
#include "scenario/processors.hpp"
#include "tests/simulation/star.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"

namespace test_variability {

using namespace lockstep;
using scenario::Config;
using scenario::Method;

namespace {

constexpr std::size_t parameters = 1024;

Config scattering(Method method, std::size_t workers, const char* variability, std::size_t steps) {
    Config config = simulation::steps_of(simulation::phantom(method, workers, parameters, 5e7), steps);
    config.variability = base::Distribution::parse("", variability);
    return config;
}

double step_s(const Config& config) {
    return (6 * *config.flops_per_sample + 2 * parameters) / config.speed_flops;
}

/// Sum over the histogram of one rank's or all updates.
double mean_of(const result::Staleness& histogram) {
    double sum = 0;
    double updates = 0;
    for (const auto& [versions, count] : histogram) {
        sum += static_cast<double>(versions * count);
        updates += static_cast<double>(count);
    }
    return sum / updates;
}

}  // namespace

/// F(k) = F(k-1) + max_i X_i(k) + T with the drawn X_i and the collective's closed form T: in these three
/// algorithms every rank takes part in every step of the collective, so all of it comes after the slowest.
TEST_CASE(
    "a synchronous round takes the slowest of its drawn steps and the collective, for each distribution") {
    const auto* variability = GENERATE("none", "uniform:0.5", "lognormal:0.3", "shifted-exponential:0.4",
                                       "pareto:3", "two-point:0.1,10");
    constexpr std::size_t rounds = 40;
    Config config = scattering(Method("sync-average"), 8, variability, rounds);
    config.collective = GENERATE(scenario::Collective("recursive-doubling"), scenario::Collective("ring"),
                                 scenario::Collective("rabenseifner"));
    config.evaluations = rounds;
    CAPTURE(variability);
    const double collective_s = config.collective->cost(8, parameters, simulation::link_cost(config)).time_s +
                                parameters / config.speed_flops;
    const result::Result result = simulation::whole_run(config);
    REQUIRE(result.history.size() == rounds + 1);
    double expected_s = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        double slowest = 0;
        for (std::size_t worker = 0; worker < 8; ++worker)
            slowest = std::max(slowest, scenario::step_time_factor(config, worker, round));
        expected_s += slowest * step_s(config) + collective_s;
        CHECK(result.history[round + 1].elapsed_s == Approx(expected_s).epsilon(1e-9));
    }
}

TEST_CASE("mean staleness is (c - 1) (1 - c / 2U) exactly, for any mix of speeds and step times") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 5, 8);
    Config config =
        scattering(Method("by-arrival"), workers, GENERATE("none", "lognormal:0.5", "pareto:1.5"), 50);
    config.heterogeneity = base::Distribution::parse("", "lognormal:0.7");
    const result::Result result = simulation::whole_run(config);
    const auto c = static_cast<double>(workers);
    CHECK(result.summary.updates == 50 * workers);
    CHECK(result.summary.mean_staleness == Approx((c - 1) * (1 - c / (2 * 50 * c))).epsilon(1e-12));
    // The faster a worker, the larger its share of the updates and the smaller its staleness.
    const auto speeds = scenario::processor_speeds(config);
    const auto fastest =
        static_cast<std::size_t>(std::max_element(speeds.begin(), speeds.end() - 1) - speeds.begin());
    for (const result::Worker& worker : result.workers)
        if (!worker.is_server) CHECK(worker.update_share <= result.workers[fastest].update_share);
}

TEST_CASE("equal workers that never vary have staleness c - 1 always, after the first round") {
    const result::Result result = simulation::whole_run(scattering(Method("by-arrival"), 6, "none", 50));
    for (std::uint64_t i = 0; i < 5; ++i) CHECK(result.staleness.at(i) == 1);
    CHECK(result.staleness.at(5) == 50 * 6 - 5);
    CHECK(result.staleness.size() == 6);
}

/// The next update is anybody's with equal chance, so the number of others between two of a worker's own is
/// geometric. Chi-square at the 99.9 % point with a fixed seed.
TEST_CASE("equal memoryless workers have geometric staleness") {
    constexpr std::size_t workers = 8;
    Config config = scattering(Method("by-arrival"), workers, "shifted-exponential:1", 1000);
    config.latency_s = 0;
    config.bandwidth_Bps = 1e15;
    config.speed_flops = 1e9;
    config.parameters = 1;
    const result::Result result = simulation::whole_run(config);
    const double updates = 1000.0 * workers;
    constexpr std::uint64_t last_bin = 30;
    const double other = 1 - 1.0 / workers;
    double statistic = 0;
    for (std::uint64_t bin = 0; bin <= last_bin; ++bin) {
        double observed = 0;
        for (const auto& [versions, count] : result.staleness)
            if (versions == bin || (bin == last_bin && versions > bin))
                observed += static_cast<double>(count);
        const double probability =
            std::pow(other, static_cast<double>(bin)) * (bin == last_bin ? 1 : 1 - other);
        statistic += std::pow(observed - updates * probability, 2) / (updates * probability);
    }
    CHECK(statistic < quantile(boost::math::chi_squared(last_bin), 0.999));
    CHECK(mean_of(result.staleness) == Approx(workers - 1).epsilon(1e-3));
}

/// Every worker steps from what it got, whoever is faster; nothing of the draws depends on the method.
TEST_CASE("all methods spend the same drawn time on a worker's first steps") {
    const auto compute_of = [](Method method) {
        return simulation::whole_run(scattering(method, 4, "lognormal:0.5", 20)).workers[2].compute_s;
    };
    const Config config = scattering(Method("in-turn"), 4, "lognormal:0.5", 20);
    double steps_s = 0;
    for (std::uint64_t step = 0; step < 20; ++step)
        steps_s += step_s(config) * scenario::step_time_factor(config, 2, step);
    CHECK(compute_of(Method("in-turn")) ==
          Approx(steps_s + 20 * 2 * parameters / config.speed_flops).epsilon(1e-9));
    CHECK(compute_of(Method("sync-average")) > steps_s);
    CHECK(compute_of(Method("sync-average")) < steps_s + 20 * 4 * parameters / config.speed_flops);
}

}  // namespace test_variability
