#include <optional>

#include "scenario/processors.hpp"
#include "study/compare/counterfactuals.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/report/runs.hpp"

using namespace lockstep;
using namespace lockstep::study;
using scenario::Config;
using scenario::Method;
using enum lockstep::study::Resource;

namespace {

/// Two workers, and a server where the method has one, of 10 s; the workers took 10 steps each.
result::Result run_of(Method method) {
    const bool has_server = method->traits->server == exchange::ServerUse::always;
    std::vector<test::Division> ranks(has_server ? 3 : 2, {5, 3, 2});
    result::Result result = test::result_of(method, ranks);
    result.config.stragglers = {{1, 4, 0, scenario::for_ever_s}};
    return result;
}

/// Repetitions of the actual run, in front of the first round's probes where timing decides.
const std::vector<double> same{10, 10, 10, 10};

std::vector<double> with_same(double time_s) {
    std::vector<double> all = same;
    all.push_back(time_s);
    return all;
}

/// Takes the times of a round's probes, in the order of all_resources.
std::vector<Probe> play(Counterfactuals& runs, std::size_t round, std::vector<double> times_s) {
    const std::vector<Probe> probes = runs.probes(round);
    REQUIRE(probes.size() == times_s.size());
    for (std::size_t i = 0; i < probes.size(); ++i) runs.take(probes[i], times_s[i]);
    return probes;
}

std::vector<std::optional<Resource>> resources(const std::vector<Probe>& probes) {
    std::vector<std::optional<Resource>> all;
    for (const Probe& probe : probes) all.push_back(probe.resource);
    return all;
}

}  // namespace

TEST_CASE("what costs is put aside before the rest is looked at") {
    const result::Result actual = run_of(Method("by-arrival"));
    const Config timed = timing_only_run(actual.config);
    const Config healed = with_ideal(straggler, timed);
    const Config served = with_ideal(server, healed);
    Counterfactuals runs(actual);
    CHECK(play(runs, 0, with_same(8)).back().config == healed);
    const auto second = play(runs, 1, {5, 6});
    CHECK(resources(second) == std::vector<std::optional<Resource>>{server, compute});
    CHECK(second[0].config == served);
    CHECK(second[1].config == with_ideal(compute, healed));
    const auto third = play(runs, 2, {3, 4});
    CHECK(resources(third) == std::vector<std::optional<Resource>>{bandwidth, latency});
    CHECK(third[0].config == with_ideal(bandwidth, served));
    CHECK(third[1].config == with_ideal(latency, served));

    std::vector<double> before;
    for (const Gain& gain : runs.limit().gains) before.push_back(gain.before_s);
    CHECK(before == std::vector<double>{10, 8, 5, 5, 8});
    CHECK(runs.limit().gains[2].aside == std::vector{straggler, server});
    CHECK(runs.limit().gains[4].aside == std::vector{straggler});
}

TEST_CASE("what costs nothing is not put aside, so that nothing saves more than the run's time") {
    const result::Result actual = run_of(Method("by-arrival"));
    const Config timed = timing_only_run(actual.config);
    Counterfactuals runs(actual);
    play(runs, 0, with_same(14));
    CHECK(play(runs, 1, {12, 0.1})[0].config == with_ideal(server, timed));
    CHECK(play(runs, 2, {0.2, 9})[0].config == with_ideal(bandwidth, timed));
    for (const Gain& gain : runs.limit().gains) {
        CHECK(gain.before_s == 10);
        CHECK(gain.aside.empty());
        CHECK(gain.saved_s() <= 10);
    }
    CHECK(runs.limit().resource == bandwidth);
}

TEST_CASE("a gain within noise is not put aside either") {
    const result::Result actual = run_of(Method("by-arrival"));  // a step computes for 0.5 s
    Counterfactuals runs(actual);
    play(runs, 0, with_same(9.6));
    CHECK(runs.probes(1)[0].config == with_ideal(server, timing_only_run(actual.config)));
    Counterfactuals others(actual);
    play(others, 0, with_same(9.4));
    CHECK(others.probes(1)[0].config != with_ideal(server, timing_only_run(actual.config)));
}

TEST_CASE("only where timing decides is there noise: at least what a usual step computes") {
    for (const scenario::Method& method : scenario::Method::all()) {
        INFO(method.name());
        result::Result result = run_of(method);
        const bool is_deterministic = scenario::is_deterministic(result.config);
        result.workers[1].steps = 5;
        CHECK(usual_step_s(result) == (is_deterministic ? 0 : 0.5));
        const std::vector<Probe> first = Counterfactuals(result).probes(0);
        CHECK((first.front().resource == std::nullopt) == !is_deterministic);
    }
    result::Result served = run_of(Method("easgd"));
    served.config.server = exchange::Server::dedicated;
    CHECK(usual_step_s(served) == 0.5);
}

TEST_CASE("a straggler's own step is no noise, nor is a worker that stopped") {
    const std::vector<test::Division> ranks{{4, 3, 3}, {10, 0, 0}, {4, 3, 3},
                                            {5, 3, 2}, {1, 9, 0},  {9, 1, 0}};
    result::Result result = test::result_of(Method("by-arrival"), ranks);  // the last is the server
    result.config.workers = 5;
    result.workers[1].steps = 1;  // in all of the run's time
    CHECK(usual_step_s(result) == 0.4);
    result.workers[0].stopped = result.workers[2].stopped = true;
    result.workers[4].steps = 0;
    CHECK(usual_step_s(result) == 0.5);  // the faster of the two that are left
    result.workers[1].stopped = result.workers[3].stopped = true;
    CHECK(usual_step_s(result) == 0);
    Counterfactuals straggling(run_of(Method("by-arrival")));
    play(straggling, 0, with_same(0.5));
    CHECK(straggling.limit().resource == straggler);
}

TEST_CASE("noise is what the run's time varies by when nothing but the order of arrival changes") {
    const result::Result actual = run_of(Method("by-arrival"));  // a step computes for 0.5 s
    Counterfactuals runs(actual);
    const auto first = play(runs, 0, {10.5, 9, 11, 10, 8});
    CHECK(runs.limit().noise_s == 2);
    for (std::size_t i = 0; i < 4; ++i) {
        Config jolted = first[i].config;
        REQUIRE(jolted.stragglers.size() == 2);
        CHECK(jolted.stragglers.back().worker == i % 2);
        jolted.stragglers.pop_back();
        CHECK(jolted == timing_only_run(actual.config));
    }
    CHECK(runs.probes(1)[0].config ==
          with_ideal(server, with_ideal(straggler, timing_only_run(actual.config))));
    Counterfactuals noisy(actual);
    play(noisy, 0, {10.5, 9, 11.1, 10, 8});
    CHECK(noisy.probes(1)[0].config == with_ideal(server, timing_only_run(actual.config)));
}

TEST_CASE("the mean of what was drawn is over the steps that were taken") {
    result::Result result = run_of(Method("by-arrival"));
    CHECK(mean_step_factor(result) == 1);
    result.config.variability = base::Distribution::parse("", "pareto:1.5");
    result.workers[0].steps = 3;
    result.workers[1].steps = 1;
    const auto drawn = [&](std::size_t worker, std::uint64_t step) {
        return scenario::step_time_factor(result.config, worker, step);
    };
    CHECK(mean_step_factor(result) == Approx((drawn(0, 0) + drawn(0, 1) + drawn(0, 2) + drawn(1, 0)) / 4));
    CHECK(mean_step_factor(result) != Approx(1));
}
