#include "study/report/diff.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"
#include "tests/unit/study/report/runs.hpp"

using namespace lockstep;
using namespace lockstep::study;
using events::Activity;
using scenario::Method;
using test::refusal;
using test::result_of;
using test::span;
using test::track;

namespace {

RunFolder folder(const std::string& name, result::Result result) {
    RunFolder run;
    run.path = name;
    run.name = name;
    run.result = std::move(result);
    return run;
}

events::Timeline steps_at(std::vector<double> begins_s) {
    std::vector<events::Span> spans;
    for (std::size_t i = 0; i < begins_s.size(); ++i)
        spans.push_back(span(begins_s[i], begins_s[i] + 0.1, Activity::compute, i));
    events::Timeline timeline;
    timeline.tracks = {track(0, 10, spans), track(1, 10, {span(0, 1, Activity::compute)})};
    return timeline;
}

const RunFolder simulated = folder("sim", result_of(Method("sync-average"), {{6, 2, 2}, {6, 3, 1}}));
const RunFolder measured = folder("real", result_of(Method("sync-average"), {{5, 2, 1}, {6, 1, 1}}));

}  // namespace

TEST_CASE("two runs part in the phase and rank with the largest difference") {
    const RunDifference difference = compare_runs(simulated, measured, 1);
    CHECK(difference.largest().phase == "wait");
    CHECK(difference.rank_of_largest() == 1);
    CHECK(difference.largest().difference_s() == Approx(2));
    CHECK(difference.tolerance_s == Approx(0.08));
    CHECK(to_text(difference)
              .ends_with("sim took 10 s, real took 8 s: +2 s (+25.0 %). They part most in wait of rank\n"
                         "  1: +2 s, +25.0 % of the time of real.\n"
                         "Where steps begin elsewhere is not known: not both runs have recorded their\n"
                         "  events.\n"
                         "parameters: different\n"));
}

TEST_CASE("phases that differ sum up to what ranks differ") {
    for (const RankDifference& rank : compare_runs(simulated, measured, 1).ranks) {
        double sum_s = 0;
        for (std::size_t i = 1; i < rank.phases.size(); ++i) sum_s += rank.phases[i].difference_s();
        CHECK(sum_s == Approx(rank.phases.front().difference_s()));
    }
}

TEST_CASE("a run parts nowhere from itself") {
    const RunDifference difference = compare_runs(simulated, simulated, 1);
    CHECK(to_text(difference).find("They part nowhere.") != std::string::npos);
}

TEST_CASE("the first step that begins elsewhere by more than the tolerance") {
    RunFolder first = simulated;
    RunFolder second = measured;
    first.timeline = steps_at({0, 1, 2, 3});
    second.timeline = steps_at({0, 1.05, 2.1, 3});
    RunDifference difference = compare_runs(first, second, 1);  // 0.08 s
    REQUIRE(difference.rounds.size() == 2);
    REQUIRE(difference.rounds[0]);
    CHECK(difference.rounds[0]->round == 2);
    CHECK_FALSE(difference.rounds[1]);
    CHECK_FALSE(compare_runs(first, second, 2).rounds[0]);
    second.timeline = steps_at({0, 1, 2});
    CHECK(to_text(compare_runs(first, second, 1)).find("rank 0: step 3 is in sim alone") !=
          std::string::npos);
    std::swap(first.timeline, second.timeline);
    CHECK(to_text(compare_runs(first, second, 1)).find("rank 0: step 3 is in real alone") !=
          std::string::npos);
}

TEST_CASE("without events of both nothing is said of steps") {
    RunFolder first = simulated;
    first.timeline = steps_at({0, 1});
    CHECK_FALSE(compare_runs(first, measured, 1).has_events);
}

TEST_CASE(
    "the scatter of steps is the scenario's where it was chosen, and no difference where it was calibrated") {
    RunFolder scattered = folder("sim", result_of(Method("sync-average"), {{6, 2, 2}, {6, 3, 1}}));
    scattered.result->config.variability = base::Distribution::parse("variability", "uniform:0.1");
    CHECK(refusal([&] { compare_runs(scattered, measured, 1); }).find("variability is 'uniform:0.1'") !=
          std::string::npos);
    scattered.result->provenance.calibrated = true;
    CHECK_NOTHROW(compare_runs(scattered, measured, 1));
}

TEST_CASE("runs of different configurations, ranks or without results are refused") {
    RunFolder other = measured;
    other.result->config.epochs = 7;
    CHECK(refusal([&] { compare_runs(simulated, other, 1); }).find("epochs is '5' and '7'") !=
          std::string::npos);
    other = measured;
    other.result->config.latency_s = 1;
    CHECK_NOTHROW(compare_runs(simulated, other, 1));
    other.result->workers.pop_back();
    CHECK(refusal([&] { compare_runs(simulated, other, 1); }).find("2 ranks") != std::string::npos);
    other.result.reset();
    CHECK(refusal([&] { compare_runs(simulated, other, 1); }).find("without a result.json") !=
          std::string::npos);
}

TEST_CASE("differences of rounding are none") {
    RunFolder other = simulated;
    other.result->workers[0].compute_s += 1e-15;
    const std::string text = to_text(compare_runs(simulated, other, 1));
    CHECK(text.find("e-") == std::string::npos);
    CHECK(text.find("They part nowhere.") != std::string::npos);
}
