#include <algorithm>

#include "scenario/processors.hpp"
#include "study/compare/ideal_resources.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::study;
using scenario::Config;

namespace {

Config with_method(scenario::Method method, std::size_t workers) {
    Config config;
    config.method = method;
    config.workers = workers;
    return config;
}

std::vector<Resource> can_be_made_ideal(const Config& config) {
    std::vector<Resource> resources;
    for (const Resource resource : all_resources)
        if (can_be_ideal(resource, config)) resources.push_back(resource);
    return resources;
}

}  // namespace

TEST_CASE("what can be ideal is what the run has, of every method") {
    using enum Resource;
    for (const scenario::Method& traits : scenario::Method::all()) {
        INFO(traits.name());
        const bool is_serial = traits == scenario::Method("serial");
        Config config = with_method(traits, is_serial ? 1 : 4);
        const bool has_server = scenario::has_dedicated_server(config);
        std::vector<Resource> expected{compute};
        if (!is_serial) expected.insert(expected.begin(), {bandwidth, latency});
        if (has_server) expected.insert(expected.begin(), server);
        CHECK(can_be_made_ideal(config) == expected);

        config.stragglers = {{0, 4, 0, scenario::for_ever_s}};
        config.variability = base::Distribution::parse("", "uniform:0.5");
        CHECK(can_be_ideal(straggler, config) == !is_serial);

        config.platform = "platform.xml";
        CHECK(can_be_made_ideal(config) ==
              (is_serial ? std::vector{compute} : std::vector{straggler, bandwidth, latency, compute}));
    }
}

TEST_CASE("one worker has no straggler, and without a server no network either") {
    Config config = with_method(scenario::Method("sync-average"), 1);
    config.stragglers = {{0, 4, 0, scenario::for_ever_s}};
    CHECK(can_be_made_ideal(config) == std::vector{Resource::compute});
    config.method = scenario::Method("by-arrival");
    using enum Resource;
    CHECK(can_be_made_ideal(config) == std::vector{server, bandwidth, latency, compute});
}

TEST_CASE("what costs nothing already is not made ideal") {
    Config config = with_method(scenario::Method("sync-average"), 4);
    config.latency_s = 0;
    CHECK_FALSE(can_be_ideal(Resource::latency, config));
    config.message_overhead_s = 1e-6;
    CHECK(can_be_ideal(Resource::latency, config));
    config.speeds_flops = {1e9, 1e9, 1e9, 2e9};
    CHECK(can_be_ideal(Resource::straggler, config));
}

TEST_CASE("without stragglers every worker is the median one, and the server stays as it is") {
    Config config = with_method(scenario::Method("by-arrival"), 4);
    config.speeds_flops = {1e9, 4e9, 3e9, 2e9};
    config.latencies_s = {1e-3, 4e-3, 3e-3, 2e-3};
    config.stragglers = {{1, 4, 0, scenario::for_ever_s}};
    config.variability = base::Distribution::parse("", "uniform:0.5");
    const Config healed = with_ideal(Resource::straggler, config);
    CHECK(scenario::processor_speeds(healed) == std::vector{3e9, 3e9, 3e9, 3e9, 5e9});
    CHECK(healed.latency_s == 2e-3);
    CHECK(healed.latencies_s.empty());
    CHECK(healed.server_latency_s == config.latency_s);
    CHECK(healed.stragglers.empty());
    CHECK(healed.variability.is_constant());
}

TEST_CASE("drawn speeds have a median too") {
    Config config = with_method(scenario::Method("sync-average"), 5);
    config.heterogeneity = base::Distribution::parse("", "lognormal:0.5");
    std::vector<double> speeds = scenario::processor_speeds(config);
    std::ranges::sort(speeds);
    CHECK(scenario::processor_speeds(with_ideal(Resource::straggler, config)) == std::vector(5, speeds[2]));
}

TEST_CASE("an ideal server is not nearer than the workers, and ideal workers leave it as it is") {
    Config config = with_method(scenario::Method("by-arrival"), 2);
    CHECK(with_ideal(Resource::server, config).server_latency_s == config.latency_s);
    config.server_latency_s = 1;
    CHECK(with_ideal(Resource::server, config).server_latency_s == config.latency_s);
    CHECK(scenario::processor_speeds(with_ideal(Resource::compute, config)) == std::vector{5e15, 5e15, 5e9});
    config.vector_speed_flops = 1e9;  // a fifth of the speed, which the server keeps
    config.code_speed_flops = 2.5e9;
    config.update_speed_flops = 2e9;
    CHECK(with_ideal(Resource::compute, config).vector_speed_flops == 1e15);
    CHECK(with_ideal(Resource::compute, config).code_speed_flops == 2.5e15);
    CHECK(with_ideal(Resource::compute, config).update_speed_flops == 2e15);
    config.platform = "platform.xml";
    CHECK(scenario::step_time_factor(with_ideal(Resource::compute, config), 1, 7) == 1e-6);
}

TEST_CASE("steps that vary take their mean, whatever the platform, and nothing else changes") {
    Config config = with_method(scenario::Method("sync-average"), 2);
    config.variability = base::Distribution::parse("", "two-point:0.1,11");
    Config even = with_ideal(Resource::straggler, config, 1.75);
    for (std::uint64_t step = 0; step < 100; ++step)
        CHECK(scenario::step_time_factor(even, step % 2, step) == 1.75);
    even.variability = config.variability;
    CHECK(even == config);
    config.platform = "platform.xml";
    CHECK(scenario::step_time_factor(with_ideal(Resource::straggler, config, 1.75), 1, 7) == 1.75);
}
