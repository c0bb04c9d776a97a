// Timing-only runs and threads: what may not change time, traffic or values.
#include <algorithm>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "scenario/config.hpp"
#include "tests/simulation/star.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/exchange_run.hpp"

namespace test_numerics {

using namespace lockstep;
using scenario::Config;
using scenario::Method;
using support::Job;

namespace {

/// Times, traffic and versions of a run; and its values, for those who want them.
struct Trace {
    std::vector<double> times;
    std::vector<float> values;
};

Trace trace(const Config& config, const Job& job) {
    const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
        const support::ExchangeRun run = run_exchange(communicator, config, job);
        std::vector<double> values{run.elapsed_s, static_cast<double>(run.traffic.messages),
                                   static_cast<double>(run.traffic.bytes)};
        for (const exchange::Update& u : run.updates)
            for (const std::uint64_t value :
                 {std::uint64_t{u.worker}, u.step, u.version_read, u.version_applied})
                values.push_back(static_cast<double>(value));
        for (const auto& worker : run.own)
            for (const auto& w : worker) values.push_back(w.time_s);
        for (const auto& v : run.shared) values.push_back(v.time_s);
        values.push_back(-1);  // here the values begin
        if (backend::arithmetic_is_real()) {
            const auto& last = run.own[0].back().values;  // where nobody holds v
            const auto& end = run.shared.empty() ? last : run.final_v();
            values.insert(values.end(), end.begin(), end.end());
        }
        return values;
    });
    const auto border = std::find(ranks[0].begin(), ranks[0].end(), -1.0);
    return {{ranks[0].begin(), border}, {border + 1, ranks[0].end()}};
}

/// Every kind of method, collective, update rule, server and compression.
std::vector<Config> all_configurations() {
    std::vector<Config> all;
    Config config = support::star_of(4);
    config.speeds_flops = {5e9, 3e9, 5e9, 1e9};
    for (const scenario::Collective& choice : scenario::Collective::all()) {
        config.collective = choice;
        all.push_back(config);
    }
    for (const scenario::UpdateRule& choice : scenario::UpdateRule::all()) {
        config.update = choice;
        for (const Method method : {Method("in-turn"), Method("by-arrival")}) {
            config.method = method;
            config.server = exchange::Server::none;
            all.push_back(config);
            config.server = exchange::Server::dedicated;
            all.push_back(config);
        }
    }
    for (const scenario::Method& method : scenario::Method::all()) {
        Config each = config;
        each.method = method;
        each.workers = method == Method("serial") ? 1 : 4;
        each.speeds_flops.resize(each.workers);
        each.period.steps = 3;
        each.server = exchange::Server::none;
        each.collective = scenario::Collective("tree");
        all.push_back(each);
    }
    Config bucketed = config;
    bucketed.method = Method("allreduce");
    bucketed.collective = scenario::Collective("ring");
    bucketed.buckets = 4;
    all.push_back(bucketed);
    config.servers = 1;
    for (const scenario::Compression& choice : scenario::Compression::all()) {
        config.collective = scenario::Collective("ring");
        config.compression = choice;
        for (const Method method : {Method("allreduce"), Method("softsync"), Method("bounded-staleness")}) {
            config.method = method;
            config.server =
                method == Method("allreduce") ? exchange::Server::none : exchange::Server::dedicated;
            all.push_back(config);
        }
    }
    return all;
}

std::string name(const Config& config) {
    return fmt::format("{} {} {} {} {}", scenario::name(config.method), scenario::name(config.collective),
                       scenario::name(config.update), scenario::name(config.server),
                       scenario::name(config.compression));
}

const Job job{.steps = 4,
              .start = std::vector<float>(2000, 1),
              .gradient = support::pulling_gradient,
              .step_flops = 1e6,
              .columns = 40};

}  // namespace

TEST_CASE("a timing-only run has the times, traffic and versions of the real one, to the last bit") {
    for (Config config : all_configurations()) {
        INFO(name(config));
        const Trace real = trace(config, job);
        config.numerics = scenario::Numerics::none;
        const Trace none = trace(config, job);
        CHECK(none.times == real.times);
        CHECK(real.values.size() == 2000);
        CHECK(none.values.empty());
    }
}

TEST_CASE("threads change neither times nor values") {
    for (Config config : all_configurations()) {
        INFO(name(config));
        config.threads = 1;
        const Trace alone = trace(config, job);
        for (const std::size_t threads : {2U, 4U}) {
            config.threads = threads;
            const Trace together = trace(config, job);
            CHECK(together.times == alone.times);
            CHECK(together.values == alone.values);
        }
    }
}

TEST_CASE("two runs are the same to the last bit") {
    Config config = support::star_of(5);
    config.method = Method("by-arrival");
    const Trace first = trace(config, job);
    const Trace second = trace(config, job);
    CHECK(first.times == second.times);
    CHECK(first.values == second.values);
}

/// All ranks of a timing-only run share their vectors' memory. Where a payload moved, rank 1's half would
/// become rank 0's.
TEST_CASE("a timing-only run moves no payload and does no arithmetic") {
    Config config = support::star_of(2);
    const auto half_after_receiving = [&] {
        return support::simulate_values(config, [&](comm::Communicator& communicator) {
            base::FloatBuffer buffer = backend::make_buffer(2000);
            const auto lower = buffer.span().first(1000);
            const auto upper = buffer.span().subspan(1000);
            std::fill(lower.begin(), lower.end(), 1.0F);
            std::fill(upper.begin(), upper.end(), 2.0F);
            bool computed = false;
            backend::compute(1e6, [&] { computed = true; });
            communicator.rank() == 0 ? communicator.send(lower, 1) : communicator.receive(upper, 0);
            return std::vector{static_cast<double>(upper[0]), static_cast<double>(upper[999]),
                               computed ? 1.0 : 0.0};
        })[1];
    };
    config.eager_limit_B = GENERATE(0.0, 1e6);
    CHECK(half_after_receiving() == std::vector<double>{1, 1, 1});
    config.numerics = scenario::Numerics::none;
    CHECK(half_after_receiving() == std::vector<double>{2, 2, 0});
}

TEST_CASE("the buffers of a timing-only run share one memory") {
    Config config = support::star_of(4);
    config.numerics = scenario::Numerics::none;
    const auto ranks = support::simulate_values(config, [](comm::Communicator&) {
        const base::FloatBuffer first = backend::make_buffer(1000);
        const base::FloatBuffer second = backend::make_buffer(500);
        const auto address = [](const float* memory) {
            return static_cast<double>(reinterpret_cast<std::uintptr_t>(memory));
        };
        return std::vector{address(first.data()), address(second.data()),
                           static_cast<double>(reinterpret_cast<std::uintptr_t>(first.data()) % 64)};
    });
    for (const auto& rank : ranks) {
        CHECK(rank == std::vector<double>{ranks[0][0], ranks[0][0], 0});
    }
}

}  // namespace test_numerics
