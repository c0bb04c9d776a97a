#include "study/compare/limit.hpp"
#include "tests/support/catch.hpp"

namespace test_limit {

using namespace lockstep;
using namespace lockstep::study;
using scenario::Config;

namespace {

const std::vector<Gain> without_server{{Resource::straggler, 10, 4, {}},
                                       {Resource::bandwidth, 4, 3.5, {Resource::straggler}},
                                       {Resource::latency, 4, 2.8, {Resource::straggler}},
                                       {Resource::compute, 4, 3, {Resource::straggler}}};

std::vector<Gain> changed(std::vector<Gain> gains, Resource resource, double after_s) {
    for (Gain& gain : gains)
        if (gain.resource == resource) gain.after_s = after_s;
    return gains;
}

Config with_method(scenario::Method method, std::size_t workers) {
    Config config;
    config.method = method;
    config.workers = workers;
    return config;
}

Config with_straggler(scenario::Method method) {
    Config config = with_method(method, 4);
    config.stragglers = {{1, 4, 0, scenario::for_ever_s}};
    return config;
}

}  // namespace

TEST_CASE("the resource that saves most is the limit, and the next one is told") {
    const Limit limit = find_limit(10, 0, without_server);
    CHECK(limit.resource == Resource::straggler);
    CHECK(limit_sentence("sync-average:4", limit, with_straggler(scenario::Method("sync-average"))) ==
          "sync-average:4 is limited by a straggler: with all workers as fast as the median one it would "
          "take 4 s instead of 10 s (60 % less); next: latency (12 %).");
}

TEST_CASE("of gains within 2 % of the time the first in order is the limit") {
    const auto almost = changed(changed(without_server, Resource::straggler, 9.9), Resource::bandwidth, 1);
    CHECK(find_limit(10, 0, changed(almost, Resource::compute, 0.81)).resource == Resource::bandwidth);
    CHECK(find_limit(10, 0, changed(almost, Resource::compute, 0.79)).resource == Resource::compute);
}

TEST_CASE("a gain beyond stragglers says what it is a gain over") {
    const auto gains = changed(changed(without_server, Resource::straggler, 8), Resource::latency, 1);
    CHECK(
        limit_sentence("in-turn:3", find_limit(10, 0, gains), with_straggler(scenario::Method("in-turn"))) ==
        "in-turn:3 is limited by latency: stragglers aside, without latency it would take 1 s instead of "
        "4 s (30 % of its 10 s); next: a straggler (20 %).");
}

TEST_CASE("where every gain is next to nothing, no resource limits alone") {
    std::vector<Gain> nothing{{Resource::straggler, 10, 10, {}},
                              {Resource::bandwidth, 10, 9.9, {}},
                              {Resource::compute, 10, 10.5, {}}};
    const Limit limit = find_limit(10, 0, nothing);
    CHECK_FALSE(limit.resource.has_value());
    CHECK(limit_sentence("gossip:4", limit, with_straggler(scenario::Method("gossip"))) ==
          "gossip:4 is limited by no resource alone: none of them saves 2 % of its 10 s by itself.");
}

TEST_CASE("what saves no more than noise is not named") {
    const auto gains = changed(changed(without_server, Resource::straggler, 8), Resource::latency, 1);
    CHECK(find_limit(10, 2.9, gains).resource == Resource::latency);
    const Config config = with_straggler(scenario::Method("ad-psgd"));
    CHECK(limit_sentence("x", find_limit(10, 2.1, gains), config).find("next") == std::string::npos);
    const Limit unknown = find_limit(10, 3.1, gains);
    CHECK_FALSE(unknown.resource.has_value());
    CHECK(limit_sentence("x", unknown, config).find("none of them saves 31 % of its 10 s") !=
          std::string::npos);
}

TEST_CASE("a gain that ties with the largest but is within noise is not the limit") {
    const std::vector<Gain> gains{{Resource::bandwidth, 10, 9.6, {}}, {Resource::latency, 10, 9.5, {}}};
    CHECK(find_limit(10, 0.3, gains).resource == Resource::bandwidth);
    CHECK(find_limit(10, 0.45, gains).resource == Resource::latency);
    CHECK_FALSE(find_limit(10, 0, {}).resource.has_value());
}

TEST_CASE("what exchanges nothing is limited by compute, without a figure") {
    const Limit limit = find_limit(10, 0, {{Resource::compute, 10, 1e-5, {}}});
    CHECK(limit_sentence("serial", limit, with_method(scenario::Method("serial"), 1)) ==
          "serial is limited by compute: it exchanges nothing.");
    CHECK(limit_sentence("sync-average:1", limit, with_method(scenario::Method("sync-average"), 1)) ==
          "sync-average:1 is limited by compute: it exchanges nothing.");
}

TEST_CASE("all but nothing is not all") {
    const std::vector<Gain> gains{{Resource::bandwidth, 10, 9.99, {}}, {Resource::compute, 10, 1e-5, {}}};
    CHECK(limit_sentence("x", find_limit(10, 0, gains), with_method(scenario::Method("gossip"), 2)) ==
          "x is limited by compute: with workers that compute in no time it would take 10 us instead of 10 s "
          "(over 99 % less).");
}

TEST_CASE("a run that is slower without its stragglers says so and blames nobody") {
    const std::vector<Gain> gains{{Resource::straggler, 10, 12, {}}, {Resource::compute, 10, 6, {}}};
    CHECK(
        limit_sentence("ad-psgd:4", find_limit(10, 0.25, gains),
                       with_straggler(scenario::Method("ad-psgd"))) ==
        "ad-psgd:4 is limited by compute: with workers that compute in no time it would take 6 s instead of "
        "10 s (40 % less). With all workers as fast as the median one it would take longer: 12 s (20 % "
        "more).");
    CHECK(limit_sentence("x", find_limit(10, 2.1, gains), with_straggler(scenario::Method("ad-psgd")))
              .find("longer") == std::string::npos);
}

TEST_CASE("words name what the scenario has") {
    const std::vector<Gain> latency{{Resource::latency, 10, 5, {}}, {Resource::compute, 10, 9, {}}};
    Config config = with_method(scenario::Method("gossip"), 4);
    const auto says = [](const Limit& limit, const Config& of, const std::string& part) {
        return limit_sentence("x", limit, of).find(part) != std::string::npos;
    };
    config.message_overhead_s = 1e-3;
    CHECK(says(find_limit(10, 0, latency), config, "by latency and message overhead: without latency and "));
    config.latency_s = 0;
    CHECK(says(find_limit(10, 0, latency), config, "by message overhead: without message overhead it"));

    const std::vector<Gain> bandwidth{{Resource::bandwidth, 10, 5, {}}, {Resource::compute, 10, 9, {}}};
    config.receive_bandwidth_Bps = 1e9;
    CHECK(says(find_limit(10, 0, bandwidth), config, "with unlimited bandwidth of links and receivers it"));

    const std::vector<Gain> straggler{{Resource::straggler, 10, 5, {}}, {Resource::compute, 10, 9, {}}};
    config.variability = base::Distribution::parse("", "uniform:0.5");
    CHECK(says(find_limit(10, 0, straggler), config, "by steps that vary: with steps of their mean length"));
    config.speeds_flops = {1e9, 2e9, 3e9, 4e9};
    CHECK(says(find_limit(10, 0, straggler), config,
               "by a straggler: with all workers as fast as the median one and steps of their mean length"));
}

TEST_CASE("servers are named as many as there are, and their link where they have one") {
    const std::vector<Gain> gains{{Resource::server, 10, 5, {}}, {Resource::compute, 10, 9, {}}};
    Config config = with_method(scenario::Method("by-arrival"), 4);
    const auto sentence = [&] { return limit_sentence("x", find_limit(10, 0, gains), config); };
    CHECK(sentence().find("by the server: with an infinitely fast server on an unlimited link it") !=
          std::string::npos);
    config.servers = 2;
    CHECK(sentence().find("by the servers: with infinitely fast servers on unlimited links it") !=
          std::string::npos);
    config.topology = scenario::Topology::torus;
    CHECK(sentence().find("with infinitely fast servers it") != std::string::npos);
}

TEST_CASE("where noise is above what decides a limit, the sentence says so") {
    const Config config = with_straggler(scenario::Method("by-arrival"));
    const auto says = [&](double noise_s) {
        return limit_sentence("x", find_limit(10, noise_s, without_server), config);
    };
    CHECK(says(0.29).find("chance") == std::string::npos);
    CHECK(says(0.7).ends_with("(60 % less); next: latency (12 %). What saves less than 7 % may be chance."));
    CHECK(says(6.5) ==
          "x is limited by no resource alone: none of them saves 65 % of its 10 s by itself. What saves less "
          "may be chance.");
}

TEST_CASE("a stalled run names who stopped, as its own result does") {
    result::Result result;
    result.summary.outcome = result::Outcome::stalled;
    result.config.failures = {{0, 1, 2}, {1, 5, scenario::for_ever_s}, {2, 9, scenario::for_ever_s}};
    result.workers.resize(3);
    for (std::size_t i = 0; i < 3; ++i) {
        result.workers[i].rank = i;
        result.workers[i].elapsed_s = 7;
        result.workers[i].steps = i;
        result.workers[i].completed = false;
    }
    result.workers[1].stopped = true;
    CHECK(stall_sentence("sync-average:3", result) ==
          "sync-average:3 stalls: worker 1 stopped at 5 s after 1 step; the others wait for ever.");
    result.config.failures.clear();
    result.config.speed_profiles = {{1, "ends_at_0"}};
    CHECK(stall_sentence("sync-average:3", result) ==
          "sync-average:3 stalls: worker 1 stopped after 1 step; the others wait for ever.");
}

}  // namespace test_limit
