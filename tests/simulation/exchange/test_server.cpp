// A server that serves in the order of arrival: who waits for whom.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "tests/simulation/platform_file.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/exchange_run.hpp"

namespace test_server {

using namespace lockstep;
using scenario::Config;
using support::Job;

namespace {

Config by_arrival(std::vector<double> speeds) {
    Config config = support::star_of(speeds.size());
    config.method = scenario::Method("by-arrival");
    config.speeds_flops = std::move(speeds);
    return config;
}

struct Times {
    double elapsed_s = 0;
    std::vector<std::vector<double>> step_s;  ///< per worker, the time from each step's end to the next one's
    std::vector<std::size_t> order;           ///< the worker of each update
};

Times run(const Config& config, const Job& job) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        const support::ExchangeRun run = run_exchange(communicator, config, job);
        std::vector<double> values{run.elapsed_s};
        for (const exchange::Update& update : run.updates)
            values.push_back(static_cast<double>(update.worker));
        for (const auto& worker : run.own) {
            values.push_back(static_cast<double>(worker.size()));
            for (const auto& w : worker) values.push_back(w.time_s);
        }
        return values;
    });
    Times times{ranks[0][0], {}, {}};
    auto next = ranks[0].begin() + 1;
    for (std::size_t i = 0; i < config.workers * job.steps; ++i)
        times.order.push_back(static_cast<std::size_t>(*next++));
    for (std::size_t worker = 0; worker < config.workers; ++worker) {
        auto& steps = times.step_s.emplace_back();
        const auto count = static_cast<std::ptrdiff_t>(*next++);
        for (std::ptrdiff_t i = 1; i < count; ++i) steps.push_back(next[i] - next[i - 1]);
        next += count;
    }
    return times;
}

}  // namespace

TEST_CASE("a fast worker is not held up by one four times slower") {
    const Config config = by_arrival({4e9, 1e9});
    // Every message meets an idle server: the slow worker's step takes 3.7 of the fast worker's rounds.
    const Job job{.steps = 16,
                  .start = std::vector<float>(100, 1),
                  .gradient = support::integer_gradient,
                  .step_flops = 3.7e6};
    const double alone_s =
        job.step_flops / 4e9 + 2 * simulation::message_s(config, 100) + 2 * 100 / config.speed_flops;
    const Times times = run(config, job);
    for (const double step_s : times.step_s[0]) CHECK(step_s == Approx(alone_s).epsilon(1e-9));
    const double slow_s = alone_s + job.step_flops * (1 / 1e9 - 1 / 4e9);
    for (const double step_s : times.step_s[1]) CHECK(step_s == Approx(slow_s).epsilon(1e-9));
    CHECK(std::count(times.order.begin(), times.order.begin() + 10, 1U) <= 3);
}

/// A server whose link is the bottleneck: 400 kB a message at 100 MB/s, so m = 4 ms each way, and next to
/// nothing to apply.
Config behind_a_thin_link(const std::vector<double>& step_s, double step_flops) {
    Config config = by_arrival({});
    config.workers = step_s.size();
    for (const double duration_s : step_s) config.speeds_flops.push_back(step_flops / duration_s);
    config.speed_flops = 1e15;
    config.bandwidth_Bps = 1e8;
    return config;
}

/// Updates a second in the middle half of the run.
double settled_rate(const Config& config, const Job& job) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        std::vector<double> times;
        for (const auto& v : run_exchange(communicator, config, job).shared) times.push_back(v.time_s);
        return times;
    });
    const std::size_t first = job.steps / 4;
    const std::size_t last = 3 * job.steps / 4;
    return static_cast<double>((last - first) * config.workers) / (ranks[0][last] - ranks[0][first]);
}

TEST_CASE("a server's link limits unequal workers to about 1 / (n beta) updates a second") {
    const Job job{.steps = 40,
                  .start = std::vector<float>(100000, 1),
                  .gradient = support::integer_gradient,
                  .step_flops = 1e6};
    std::vector<double> step_s;
    for (std::size_t k = 0; k < 16; ++k) step_s.push_back(1e-6 + 0.5e-3 * static_cast<double>(7 * k % 16));
    Config config = behind_a_thin_link(step_s, job.step_flops);
    config.numerics = scenario::Numerics::none;
    const double limit = config.bandwidth_Bps / 400000;
    const double rate = settled_rate(config, job);
    CHECK(rate < limit);
    CHECK(rate > 0.9 * limit);
}

/// The trap: a receive from any source is matched in the order of the calls to send, so a near worker's
/// message would wait half a second for the far worker's.
TEST_CASE("a far worker does not hold up a near one") {
    const simulation::PlatformFile file(R"(
        <host id="worker-0" speed="1Gf"/>
        <host id="worker-1" speed="1Gf"/>
        <host id="worker-2-serves" speed="1Gf"/>
        <link id="near" bandwidth="125MBps" latency="50us"/>
        <link id="far" bandwidth="125MBps" latency="500ms"/>
        <link id="between" bandwidth="125MBps" latency="500ms"/>
        <route src="worker-0" dst="worker-2-serves"><link_ctn id="near"/></route>
        <route src="worker-1" dst="worker-2-serves"><link_ctn id="far"/></route>
        <route src="worker-0" dst="worker-1"><link_ctn id="between"/></route>)");
    Config config = by_arrival({});
    config.workers = 2;
    config.speeds_flops = {};
    config.speed_flops = 1e9;
    config.platform = file.path();
    const Job job{.steps = 50,
                  .start = std::vector<float>(100, 1),
                  .gradient = support::integer_gradient,
                  .step_flops = 1e6};
    const Times times = run(config, job);
    const double near_s = 1e-3 + 2 * simulation::message_s(config, 100) + 2 * 100 / 1e9;
    for (const double step_s : times.step_s[0]) CHECK(step_s == Approx(near_s).epsilon(1e-9));
    for (const double step_s : times.step_s[1]) CHECK(step_s > 1);
    CHECK(std::count(times.order.begin(), times.order.begin() + 50, 0U) == 50);
}

}  // namespace test_server
