// A run that is asked to stop at any of the moments at which it can notice that: it keeps what it has done,
// and what goes on from there ends as if nothing had happened.
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "result/json.hpp"
#include "run/checkpoint/checkpoints.hpp"
#include "run/load_problem.hpp"
#include "sim/simulated_run.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

namespace test_stops {

using namespace lockstep;
using result::Outcome;
using scenario::Config;
using scenario::Method;

namespace {

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

struct Ended {
    bool was_asked;  ///< to stop
    result::Result result;
};

/// In a process of its own, from the last checkpoint on if there is one. Wherever the run can notice a signal
/// it looks at the wall clock, of which each look is an hour after the one before. At that look, counted from
/// 0, a signal comes; the first one is before the run.
Ended run_asked_at(std::size_t look, const Config& config, const run::Problem& problem) {
    const support::ChildResult child = support::run_in_child([&] {
        constexpr double hour_s = 3600;
        std::size_t looks = 0;
        const auto clock = [&] {
            if (looks == look) std::raise(SIGTERM);
            return hour_s * static_cast<double>(++looks);
        };
        run::Checkpoints checkpoints(config, problem, "test", "simulated", clock);
        run::Progress silent;
        const result::Result result = sim::run_simulated(config, problem, silent, &checkpoints);
        checkpoints.close(result);
        return (looks > look ? 'y' : 'n') + result::to_json(result);
    });
    return {child.value.front() == 'y',
            result::from_json(std::string_view(child.value).substr(1), "the child")};
}

std::uint64_t steps(const result::Result& result) {
    return std::accumulate(
        result.workers.begin(), result.workers.end(), std::uint64_t{0},
        [](std::uint64_t sum, const result::Worker& worker) { return sum + worker.steps; });
}

void check_end(const result::Result& result, const result::Result& whole) {
    CHECK(result.summary.outcome == Outcome::finished);
    for (const result::Worker& worker : result.workers) CHECK(worker.completed);
    if (result.config.method != Method("backup-workers")) CHECK(steps(result) == steps(whole));
    if (scenario::is_deterministic(result.config))
        CHECK(result.summary.parameters_digest == whole.summary.parameters_digest);
}

/// What was done by then: at least one worker is not done.
void check_part(const result::Result& result, const result::Result& whole) {
    CHECK(result.summary.updates < whole.summary.updates);
    for (const result::Worker& worker : result.workers) CHECK_FALSE(worker.completed);
}

/// Two epochs of two steps; checkpoints at the end of each.
Config run_of(
    const char* method, std::size_t workers,
    const std::function<void(Config& config)>& change = [](Config&) {}) {
    Config config;
    config.method = Method(method);
    config.workers = workers;
    config.train_samples = 4 * workers;
    config.test_samples = 10;
    config.batch = 2;
    config.epochs = 2;
    config.lr = 0.1;
    config.period.steps = 2;
    config.threads = 1;
    config.events = scenario::Events::summary;
    config.checkpoint_every = std::uint64_t{1};
    change(config);
    return config;
}

/// Whose legs end in different ways.
std::vector<Config> runs() {
    const auto served = [](Config& config) { config.server = exchange::Server::dedicated; };
    const auto deferred = [](Config& config) { config.overlap_progress = scenario::OverlapProgress::none; };
    const auto of_two_servers = [](Config& config) { config.servers = 2; };
    return {run_of("serial", 1),
            run_of("sync-average", 3),
            run_of("allreduce", 3, deferred),
            run_of("local-sgd", 3),
            run_of("hierarchical", 4),
            run_of("gossip", 3, deferred),
            run_of("ad-psgd", 4),
            run_of("in-turn", 3),
            run_of("in-turn", 3, served),
            run_of("easgd", 3),
            run_of("easgd", 3, served),
            run_of("by-arrival", 3, deferred),
            run_of("by-arrival", 3, of_two_servers),
            run_of("bounded-staleness", 3),
            run_of("softsync", 4, [](Config& config) { config.splitting = 2; }),
            run_of("backup-workers", 3),
            run_of("dc-asgd", 3)};
}

}  // namespace

TEST_CASE("a run that is asked to stop at any moment keeps what it has, and goes on to its end") {
    constexpr std::size_t most_looks = 300;
    for (Config config : runs()) {
        const run::Problem problem = run::load_problem(config);
        const result::Result whole = simulation::whole_run(config);
        std::size_t stopped = 0;
        bool was_asked = true;
        for (std::size_t look = 1; was_asked; ++look) {
            const support::TemporaryFolder folder;
            config.checkpoint = (folder.path / "kept").string();
            CAPTURE(config.method.name(), scenario::server_count(config), look);
            REQUIRE(look < most_looks);
            const Ended first = run_asked_at(look, config, problem);
            was_asked = first.was_asked;
            const bool has_stopped = first.result.summary.outcome == Outcome::interrupted;
            if (!has_stopped) {
                check_end(first.result, whole);
                continue;
            }
            ++stopped;
            check_part(first.result, whole);
            check_end(run_asked_at(never, config, problem).result, whole);
        }
        CAPTURE(config.method.name());
        CHECK(stopped >= 3);
    }
}

}  // namespace test_stops
