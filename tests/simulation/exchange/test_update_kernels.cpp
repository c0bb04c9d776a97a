// What optimisers and update rules cost, and what methods tell of it to those who time it.
#include <cstddef>
#include <functional>
#include <vector>

#include "backend/backend.hpp"
#include "exchange/server/server_parts.hpp"
#include "exchange/update_kernel.hpp"
#include "tests/simulation/closed_forms/timed_run.hpp"
#include "tests/simulation/whole_run.hpp"
#include "tests/support/catch.hpp"

namespace test_update_kernels {

using namespace lockstep;
using scenario::Config;
using scenario::Method;
using simulation::timed_job;
using simulation::timed_run;
using support::Job;

namespace {

constexpr std::size_t n = 5040;
constexpr std::uint64_t steps = 16;
constexpr std::uint64_t steps_per_epoch = 4;

Config on_a_star(Method method, std::size_t workers) {
    Config config = simulation::timed(method, workers);
    config.server = exchange::Server::none;
    config.period.steps = 4;
    return config;
}

/// All methods, with all optimisers that they take, and options that change what is done to vectors.
std::vector<Config> all_kinds() {
    std::vector<Config> all;
    const auto add = [&](Method method, const std::function<void(Config&)>& change) {
        all.push_back(on_a_star(method, method->traits->is_alone ? 1 : 4));
        change(all.back());
    };
    for (const Method& method : Method::all())
        for (const scenario::OptimiserRule& optimiser : scenario::OptimiserRule::all()) {
            const exchange::OptimiserUse use = method->traits->optimisers;
            if (optimiser->has_momentum && use == exchange::OptimiserUse::sgd) continue;
            if (optimiser->looks_ahead && use == exchange::OptimiserUse::momentum) continue;
            add(method, [&](Config& config) { config.optimiser = optimiser; });
        }
    add("in-turn", [](Config& config) { config.server = exchange::Server::dedicated; });
    add("in-turn", [](Config& config) { config.update = "mix"; });
    add("in-turn", [](Config& config) { config.update = "replace"; });
    add("by-arrival", [](Config& config) {
        config.servers = 3;
        config.push_every = 2;
        config.pull_every = 4;
    });
    add("softsync", [](Config& config) { config.splitting = 4; });
    add("dc-asgd", [](Config& config) { config.compensation = 0; });
    add("dc-asgd", [](Config& config) {
        config.servers = 2;
        config.compensation_rule = scenario::Compensation::adaptive;
    });
    add("easgd", [](Config& config) {
        config.server = exchange::Server::dedicated;
        config.servers = 2;
        config.optimiser = "nesterov";
    });
    add("gossip", [](Config& config) {
        config.graph = "complete";
        config.gossip_order = scenario::GossipOrder::adapt_then_combine;
        config.optimiser = "momentum";
    });
    add("ad-psgd", [](Config& config) { config.workers = 5; });
    add("ad-psgd", [](Config& config) { config.workers = 1; });
    add("allreduce", [](Config& config) {
        config.collective = "ring";
        config.buckets = 2;
    });
    add("allreduce", [](Config& config) { config.compression = "bf16"; });
    add("allreduce", [](Config& config) { config.compression = "sign"; });
    add("diloco", [](Config& config) { config.outer_optimiser = "sgd"; });
    add("slowmo", [](Config& config) { config.slow_momentum = 0; });
    return all;
}

/// Calls visit(kernel) for all of each rank.
void for_each_kernel(const Config& config,
                     const std::function<void(const exchange::UpdateKernel&, std::size_t values)>& visit) {
    const auto method = scenario::method_of(config);
    exchange::Work work{
        .workers = config.workers, .steps = steps, .steps_per_epoch = steps_per_epoch, .values = n};
    for (std::size_t worker = 0; worker < config.workers; ++worker)
        for (const auto& kernel : method->worker_updates(config, work)) visit(kernel, n);
    const std::size_t servers = method->server_count();
    for (std::size_t server = 0; server < servers; ++server) {
        work.values = exchange::part_of(n, servers, server).size;
        for (const auto& kernel : method->server_updates(config, work)) visit(kernel, work.values);
    }
}

/// Operations in the whole run.
double told(const Config& config) {
    double flops = 0;
    for_each_kernel(config, [&](const exchange::UpdateKernel& kernel, std::size_t /*values*/) {
        flops += kernel.a_step * kernel.flops * static_cast<double>(steps);
    });
    return flops;
}

/// Operations that are charged, by what half the speed costs all ranks together.
double charged(Config config) {
    Job job = timed_job(steps, n, 3e6);
    job.steps_per_epoch = steps_per_epoch;
    const auto compute_s = [&](double speed_flops) {
        config.update_speed_flops = speed_flops;
        const auto ranks = support::simulate_values(config, [&](comm::Communicator& communicator) {
            const double before_s = backend::resource_use().compute_s;
            support::run_exchange(communicator, config, job);
            return std::vector{backend::resource_use().compute_s - before_s};
        });
        double total_s = 0;
        for (const std::vector<double>& rank : ranks) total_s += rank[0];
        return total_s;
    };
    const double full_s = compute_s(config.speed_flops);
    return config.speed_flops * (compute_s(config.speed_flops / 2) - full_s);
}

}  // namespace

TEST_CASE("what a method tells of its updates is what they are charged in a run") {
    for (const Config& config : all_kinds()) {
        CAPTURE(config.method.name(), config.workers, config.servers, config.optimiser.name(),
                config.update.name(), config.compression.name());
        CHECK(charged(config) == Approx(told(config)).epsilon(1e-3).margin(1));
    }
}

TEST_CASE("a kernel on its own is charged what it says, time after time") {
    Config config = support::star_of(1);
    config.update_speed_flops = 1e9;
    const auto rows = support::simulate_values(config, [&](comm::Communicator& /*communicator*/) {
        std::vector<double> ratios;
        for (const Config& kind : all_kinds())
            for_each_kernel(kind, [&](const exchange::UpdateKernel& kernel, std::size_t values) {
                const std::vector<float> start(values, 1);
                std::vector<float> given(values, 2);
                const exchange::UpdateKernel::Action action = kernel.make(start);
                for (int time = 0; time < 3; ++time) {
                    const double before_s = backend::resource_use().compute_s;
                    action(given);
                    const double time_s = backend::resource_use().compute_s - before_s;
                    ratios.push_back(time_s * *config.update_speed_flops / kernel.flops);
                }
            });
        return ratios;
    });
    REQUIRE(rows[0].size() > 100);
    for (const double ratio : rows[0]) CHECK(ratio == Approx(1).epsilon(1e-6));
}

TEST_CASE("a mean counts as often as workers meet, an optimiser each step") {
    Config config = on_a_star("local-sgd", 4);
    config.optimiser = "momentum";
    const exchange::Work work{.workers = 4, .steps = steps, .steps_per_epoch = steps_per_epoch, .values = n};
    const auto kernels = scenario::method_of(config)->worker_updates(config, work);
    REQUIRE(kernels.size() == 2);
    CHECK(kernels[0].name == "momentum");
    CHECK(kernels[0].a_step == 1);
    CHECK(kernels[0].flops == 4.0 * n);
    CHECK(kernels[1].name == "mean");
    CHECK(kernels[1].a_step == 0.25);
    CHECK(kernels[1].flops == 1.0 * n);
    config.method = "serial";
    config.optimiser = "sgd";
    CHECK(scenario::method_of(config)->worker_updates(config, work).empty());
}

/// A gradient is charged at the speed of steps, without the update that plain SGD makes of it.
TEST_CASE("a step of momentum alone: a gradient, and 4 n operations at the speed of updates") {
    Config config = simulation::steps_of(simulation::phantom("serial", 1, n, 3e6), 20);
    const double gradient_s = 3e6 / config.speed_flops;
    const double plain_s = simulation::whole_run(config).summary.elapsed_s;
    CHECK(plain_s == Approx(20 * (gradient_s + 2 * n / config.speed_flops)).epsilon(1e-9));
    config.update_speed_flops = config.speed_flops / 8;
    CHECK(simulation::whole_run(config).summary.elapsed_s == plain_s);  // part of the step
    config.optimiser = "momentum";
    const auto elapsed_s = [&] { return simulation::whole_run(config).summary.elapsed_s; };
    for (const double speed_flops : {1e9, 5e8, 2e9}) {
        config.update_speed_flops = speed_flops;
        CHECK(elapsed_s() == Approx(20 * (gradient_s + 4 * n / speed_flops)).epsilon(1e-9));
    }
    config.update_speed_flops.reset();
    config.vector_speed_flops = 4e9;
    CHECK(elapsed_s() == Approx(20 * (gradient_s + 4 * n / 4e9)).epsilon(1e-9));
}

/// The sums of the collective are additions of what has just been received.
TEST_CASE("easgd: the allreduce at the speed of vectors, the elastic steps at that of updates") {
    const auto workers = GENERATE(as<std::size_t>(), 2, 4);
    Config config = on_a_star("easgd", workers);
    config.collective = "ring";
    const Job job = timed_job(steps, n, 3e6);
    const double sum_s = config.collective->cost(workers, n, simulation::link_cost(config)).time_s;
    for (const double speed_flops : {1e9, 5e8, 2e9}) {
        config.update_speed_flops = speed_flops;
        const double expected_s = steps * 3e6 / config.speed_flops + 4 * (sum_s + 7 * n / speed_flops);
        CHECK(timed_run(config, job).elapsed_s == Approx(expected_s).epsilon(1e-9));
    }
}

TEST_CASE("easgd with a server: 3 n operations at either end of an exchange") {
    Config config = on_a_star("easgd", 1);
    config.server = exchange::Server::dedicated;
    const Job job = timed_job(steps, n, 3e6);
    const auto elapsed_s = [&](double speed_flops) {
        config.update_speed_flops = speed_flops;
        return timed_run(config, job).elapsed_s;
    };
    CHECK(elapsed_s(5e8) - elapsed_s(1e9) == Approx(4 * 6 * n / 1e9).epsilon(1e-6));
}

}  // namespace test_update_kernels
