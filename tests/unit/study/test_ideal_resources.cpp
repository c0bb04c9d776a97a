#include <algorithm>

#include <catch2/catch.hpp>

#include "scenario/processors.hpp"
#include "study/compare/ideal_resources.hpp"

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

std::vector<Resource> probed(const Config& config) {
    std::vector<Resource> resources;
    for (const Probe& probe : probes(config)) resources.push_back(probe.resource);
    return resources;
}

}  // namespace

TEST_CASE("what is probed is what the run has") {
    using enum Resource;
    CHECK(probed(with_method(scenario::Method::serial, 1)) == std::vector{straggler, compute});
    CHECK(probed(with_method(scenario::Method::sync_average, 4)) ==
          std::vector{straggler, bandwidth, latency, compute});
    Config config = with_method(scenario::Method::by_arrival, 4);
    CHECK(probed(config) == std::vector{straggler, server, bandwidth, latency, compute});
    config.platform = "platform.xml";
    CHECK(probed(config) == std::vector{straggler, bandwidth, latency});
}

TEST_CASE("without stragglers every worker is the median one, and the server stays as it is") {
    Config config = with_method(scenario::Method::by_arrival, 4);
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
    Config config = with_method(scenario::Method::sync_average, 5);
    config.heterogeneity = base::Distribution::parse("", "lognormal:0.5");
    std::vector<double> speeds = scenario::processor_speeds(config);
    std::ranges::sort(speeds);
    CHECK(scenario::processor_speeds(with_ideal(Resource::straggler, config)) == std::vector(5, speeds[2]));
}

TEST_CASE("an ideal server is not nearer than the workers, and ideal workers leave it as it is") {
    Config config = with_method(scenario::Method::by_arrival, 2);
    CHECK(with_ideal(Resource::server, config).server_latency_s == config.latency_s);
    config.server_latency_s = 1;
    CHECK(with_ideal(Resource::server, config).server_latency_s == config.latency_s);
    CHECK(scenario::processor_speeds(with_ideal(Resource::compute, config)) == std::vector{5e15, 5e15, 5e9});
    config.vector_speed_flops = 1e9;  // a fifth of the speed, which the server keeps
    CHECK(with_ideal(Resource::compute, config).vector_speed_flops == 1e15);
}

TEST_CASE("gains are nested") {
    Config config = with_method(scenario::Method::by_arrival, 2);
    config.stragglers = {{1, 4, 0, scenario::for_ever_s}};
    const std::vector<Probe> all = probes(config);
    CHECK(all[0].before == timing_only_run(config));
    CHECK(all[1].before == all[0].after);
    CHECK(all[2].before == all[1].after);
    CHECK(all[3].before == all[1].after);
    CHECK(all[4].before == all[0].after);
}
