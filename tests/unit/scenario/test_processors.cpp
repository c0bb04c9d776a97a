#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "scenario/parse.hpp"
#include "scenario/processors.hpp"
#include "scenario/validate.hpp"
#include "tests/support/catch.hpp"

namespace test_processors {

using namespace lockstep::scenario;
using Catch::Matchers::ContainsSubstring;
using lockstep::base::Distribution;
using lockstep::base::InputError;
using Words = std::vector<std::string>;

namespace {

constexpr std::size_t workers = 8;

Config with_variability(const char* text) {
    Config config;
    config.method = Method("sync-average");
    config.workers = workers;
    config.variability = Distribution::parse("", text);
    return config;
}

/// E[max of `workers` draws] by the integral of quantile(u) d(u^workers).
double expected_maximum(const Distribution& distribution) {
    constexpr int parts = 1'000'000;
    double sum = 0;
    for (int i = 0; i < parts; ++i) {
        const double u = (i + 0.5) / parts;
        sum += distribution.quantile(u) * workers * std::pow(u, workers - 1);
    }
    return sum / parts;
}

std::string refusal(const Words& arguments) {
    try {
        validate(parse(arguments));
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("all workers have the general speed, or their own, and the server the general one") {
    Config config;
    config.method = Method("by-arrival");
    config.workers = 3;
    CHECK(processor_speeds(config) == std::vector<double>(4, 5e9));
    config.speeds_flops = {1e9, 2e9, 3e9};
    CHECK(processor_speeds(config) == std::vector<double>{1e9, 2e9, 3e9, 5e9});
}

TEST_CASE("speeds may be multiples of the general one") {
    Config config;
    config.method = Method("by-arrival");
    config.workers = 3;
    config.speed_multiples = {1, 0.25, 2};
    CHECK(processor_speeds(config) == std::vector<double>{5e9, 1.25e9, 1e10, 5e9});
}

TEST_CASE("emulated are all ranks with --emulate-speed, else workers whose speed is given") {
    const auto speed = [](const Config& config, std::size_t rank) {
        const auto found = emulated_speed(config, rank);
        return found ? std::pair(found->value, found->is_share) : std::pair(0.0, false);
    };
    Config config;
    config.method = Method("by-arrival");
    config.workers = 2;
    CHECK_FALSE(emulates_processors(config));
    CHECK_FALSE(emulated_speed(config, 0));
    config.speed_multiples = {1, 0.25};
    CHECK(emulates_processors(config));
    CHECK_FALSE(emulates_all_speeds(config));
    CHECK_FALSE(emulated_speed(config, 0));
    CHECK(speed(config, 1) == std::pair(0.25, true));
    CHECK_FALSE(emulated_speed(config, 2));
    config.emulate_speed_flops = 5e7;
    CHECK(emulates_all_speeds(config));
    CHECK(speed(config, 0) == std::pair(5e7, false));
    CHECK(speed(config, 1) == std::pair(1.25e7, false));
    CHECK(speed(config, 2) == std::pair(5e7, false));
    config.server_speed_flops = 1e8;
    CHECK(speed(config, 2) == std::pair(1e8, false));
    config.speed_multiples.clear();
    config.speeds_flops = {1e6, 2e6};
    CHECK(speed(config, 1) == std::pair(2e6, false));
    config.emulate_speed_flops.reset();
    CHECK(emulates_processors(config));
    CHECK_FALSE(emulates_all_speeds(config));  // the server's
    CHECK(speed(config, 1) == std::pair(2e6, false));
    CHECK_FALSE(emulated_speed(config, 2));
}

TEST_CASE("drawn speeds depend on the platform's seed and the worker alone") {
    Config config;
    config.method = Method("sync-average");
    config.workers = 4;
    config.heterogeneity = Distribution::parse("", "lognormal:0.5");
    const auto first = processor_speeds(config);
    CHECK(first[0] != first[1]);
    config.workers = 2;
    config.method = Method("in-turn");
    CHECK(processor_speeds(config) == std::vector<double>(first.begin(), first.begin() + 2));
    config.seed = 2;
    CHECK(processor_speeds(config)[0] != first[0]);
    config.platform_seed = 1;
    CHECK(processor_speeds(config)[0] == first[0]);
}

TEST_CASE("step times are the same whatever the method, the stragglers and the speeds") {
    const Config config = with_variability("lognormal:0.5");
    Config other = config;
    other.method = Method("by-arrival");
    other.workers = 3;
    other.stragglers = {{1, 4}};
    other.speed_flops = 1;
    for (std::size_t worker = 0; worker < 3; ++worker)
        for (std::uint64_t step = 0; step < 5; ++step)
            CHECK(step_time_factor(config, worker, step) == step_time_factor(other, worker, step));
    CHECK(step_time_factor(config, 0, 0) != step_time_factor(config, 1, 0));
    CHECK(step_time_factor(config, 0, 0) != step_time_factor(config, 0, 1));
    CHECK(step_time_factor(Config{}, 3, 7) == 1);
}

/// The formulas are those of order statistics; the draws must agree within their confidence interval.
TEST_CASE("the mean of the slowest of P draws is that of order statistics, for each distribution") {
    struct Case {
        const char* text;
        double expected;
    };
    double harmonic = 0;
    for (std::size_t i = 1; i <= workers; ++i) harmonic += 1.0 / static_cast<double>(i);
    const double p = workers;
    const double shape = 3;
    const double pareto = (shape - 1) / shape * std::tgamma(p + 1) * std::tgamma(1 - 1 / shape) /
                          std::tgamma(p + 1 - 1 / shape);
    const auto lognormal = Distribution::parse("", "lognormal:0.3");
    const Case one = GENERATE_COPY(values<Case>({{"shifted-exponential:0.4", 0.6 + 0.4 * harmonic},
                                                 {"shifted-exponential:1", harmonic},
                                                 {"uniform:0.5", 1 + 0.5 * (p - 1) / (p + 1)},
                                                 {"two-point:0.05,10", 1 + 9 * (1 - std::pow(0.95, p))},
                                                 {"pareto:3", pareto},
                                                 {"lognormal:0.3", expected_maximum(lognormal)}}));
    CAPTURE(one.text);
    const Config config = with_variability(one.text);
    constexpr int rounds = 20'000;
    double sum = 0;
    double squares = 0;
    for (int round = 0; round < rounds; ++round) {
        double slowest = 0;
        for (std::size_t worker = 0; worker < workers; ++worker)
            slowest = std::max(slowest, step_time_factor(config, worker, static_cast<std::uint64_t>(round)));
        sum += slowest;
        squares += slowest * slowest;
    }
    const double mean = sum / rounds;
    const double error = std::sqrt((squares / rounds - mean * mean) / rounds);
    CHECK(std::abs(mean - one.expected) < 3.3 * error);
    CHECK(expected_maximum(config.variability) == Approx(one.expected).epsilon(2e-3));
}

TEST_CASE("what happens to processors must name a worker and times in order") {
    const auto with = [](const std::string& key, const std::string& value) {
        return refusal({"--method", "in-turn", "--workers", "3", key, value});
    };
    CHECK(with("--straggler", "worker=2,factor=4,from=2s,to=10s") == "accepted");
    CHECK_THAT(with("--straggler", "worker=3,factor=4"),
               ContainsSubstring("--straggler: given 'worker=3'; allowed: workers 0 to 2"));
    CHECK_THAT(with("--straggler", "worker=2,factor=4,from=10s,to=2s"), ContainsSubstring("from before to"));
    CHECK_THAT(with("--straggler", "worker=2"), ContainsSubstring("factor is missing"));
    CHECK_THAT(with("--straggler", "worker=2,factor=4,factor=5"), ContainsSubstring("factor is given twice"));
    CHECK_THAT(with("--straggler", "worker=2,factor=4,until=5s"),
               ContainsSubstring("'until=5s' is not one of its parts"));
    CHECK_THAT(with("--straggler", "worker=2,factor=0"), ContainsSubstring("--straggler: factor: given '0'"));
    CHECK_THAT(with("--straggler", "worker=2,factor=4,from=2"),
               ContainsSubstring("--straggler: from: given '2'"));
    CHECK_THAT(with("--pause", "worker=0,every=1s,for=2s"), ContainsSubstring("for before every"));
    CHECK_THAT(with("--failure", "worker=0,at=3s,back=1s"), ContainsSubstring("at before back"));
    CHECK_THAT(with("--speed-profile", "worker=0,file=/no/such"),
               ContainsSubstring("--speed-profile: /no/such"));
    CHECK_THAT(with("--latencies", "1ms,2ms"),
               ContainsSubstring("--latencies: given '2 latencies'; allowed: as many"));
    CHECK_THAT(with("--idle-power", "50W"),
               ContainsSubstring("--idle-power: given '50W'; allowed: at most --busy-power"));
}

TEST_CASE("knobs that contradict each other are named") {
    const auto with = [](Words words) {
        words.insert(words.begin(), {"--method", "in-turn", "--workers", "2"});
        return refusal(words);
    };
    CHECK_THAT(with({"--speeds", "1Gf,2Gf", "--heterogeneity", "lognormal:0.2"}),
               ContainsSubstring("--heterogeneity") && ContainsSubstring("without --speeds"));
    CHECK_THAT(with({"--topology", "torus", "--latencies", "1ms,2ms"}), ContainsSubstring("--latencies"));
    CHECK_THAT(with({"--topology-shape", "2x2"}), ContainsSubstring("--topology-shape"));
    CHECK_THAT(with({"--backbone-bandwidth", "1Gbps"}), ContainsSubstring("--backbone-bandwidth"));
    CHECK_THAT(with({"--loopback-latency", "1us"}), ContainsSubstring("--workers-per-host above 1"));
    CHECK_THAT(with({"--platform-seed", "3"}), ContainsSubstring("--platform-seed"));
    CHECK_THAT(with({"--parameters", "1M"}), ContainsSubstring("with --model phantom"));
    CHECK_THAT(with({"--model", "phantom"}),
               ContainsSubstring("--parameters: given '0'; allowed: at least 1"));
    CHECK_THAT(with({"--model", "phantom", "--parameters", "1"}),
               ContainsSubstring("--flops-per-sample: given 'none'"));
    CHECK(with({"--model", "phantom", "--parameters", "1", "--flops-per-sample", "0"}) == "accepted");
    CHECK_THAT(with({"--model", "resnet-50", "--hidden", "5"}), ContainsSubstring("--hidden"));
    CHECK_THAT(with({"--model", "resnet-50", "--target-accuracy", "0.9"}),
               ContainsSubstring("--target-accuracy"));
    CHECK_THAT(with({"--platform", "platforms/lan_8.xml", "--topology", "torus"}),
               ContainsSubstring("--topology") && ContainsSubstring("not with --platform"));
    CHECK_THAT(with({"--platform", "platforms/lan_8.xml", "--sharing", "equal"}),
               ContainsSubstring("--sharing: given 'equal'") && ContainsSubstring("always shared by rtt"));
    CHECK(with({"--model", "phantom", "--parameters", "25.6M", "--flops-per-sample", "4.1G"}) == "accepted");
}

TEST_CASE("a repeatable key may be given several times, on the command line in place of the file's") {
    const Invocation invocation =
        parse(Words{"--straggler", "worker=0,factor=2", "--straggler", "worker=1,factor=3,from=1s"});
    REQUIRE(invocation.config.stragglers.size() == 2);
    CHECK(invocation.config.stragglers[1] == Straggler{1, 3, 1, for_ever_s});
    CHECK_THROWS_WITH(parse(Words{"--lr", "1", "--lr", "2"}), ContainsSubstring("given twice"));
}

}  // namespace test_processors
