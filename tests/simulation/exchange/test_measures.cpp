// What is looked for in the course of the test results, and the moments that are kept for it.
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "base/random.hpp"
#include "run/evaluation_schedule.hpp"
#include "run/learning_curve.hpp"
#include "tests/support/catch.hpp"

namespace test_measures {

using namespace lockstep;
using run::Kept;
using run::LearningCurve;
using run::Snapshot;
using scenario::Target;

namespace {

/// Moment i is at 2 i seconds and 10 i joules.
std::vector<Snapshot> moments(std::size_t count) {
    std::vector<Snapshot> all;
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = static_cast<double>(i);
        all.push_back({Snapshot::Of::shared, i, 2 * at, 10 * at, {}, {.for_search = true}});
    }
    return all;
}

struct Found {
    result::Measures measures;
    std::vector<std::uint64_t> tested;  ///< on all samples
};

/// `accuracy` of moment i; its loss is 1 less the accuracy. Some samples tell it with a standard error of
/// 0.01.
Found find(const std::vector<Snapshot>& snapshots, const std::function<double(double)>& accuracy,
           const Target& target) {
    Found found;
    const auto test = [&](const Snapshot& snapshot) {
        const double value = accuracy(static_cast<double>(snapshot.updates));
        return model::Evaluation{1 - value, value};
    };
    LearningCurve curve(snapshots, {.all =
                                        [&](const Snapshot& snapshot) {
                                            found.tested.push_back(snapshot.updates);
                                            return test(snapshot);
                                        },
                                    .some =
                                        [&](const Snapshot& snapshot) {
                                            return run::SampledTest{test(snapshot), {0.01, 0.01}};
                                        }});
    curve.find(target, found.measures);
    return found;
}

Target accuracy_of(double value) {
    return {Target::Of::accuracy, value};
}

double rise(double moment) {
    return 1 - std::exp(-moment / 50);
}

}  // namespace

TEST_CASE(
    "a target is found between two moments that are next to each other, by tests of what is close to it") {
    const auto snapshots = moments(400);
    for (const double target : {0.02, 0.1, 0.5, 0.9, 0.99}) {
        const double crossing = -50 * std::log(1 - target);  // in moments
        const Found found = find(snapshots, rise, accuracy_of(target));
        CHECK(found.measures.time_to_target_low_s == 2 * std::floor(crossing));
        CHECK(found.measures.time_to_target_high_s == 2 * std::ceil(crossing));
        CHECK(found.measures.time_to_target_s.value == Approx(2 * crossing).margin(0.02));
        CHECK(found.measures.energy_to_target_J.value == Approx(10 * crossing).margin(0.1));
        for (const std::uint64_t moment : found.tested) {
            const auto at = static_cast<double>(moment);
            CHECK((rise(at) >= target - 0.061 && at < crossing + 4));
        }
        CHECK(find(snapshots, rise, {Target::Of::loss, 1 - target}).measures.time_to_target_s.value ==
              Approx(found.measures.time_to_target_s.value));
    }
}

TEST_CASE("a target that is met from the start takes no time, one that is never met for ever") {
    const auto snapshots = moments(40);
    const Found at_once = find(
        snapshots, [](double) { return 0.5; }, accuracy_of(0.5));
    CHECK(at_once.measures.time_to_target_s.value == 0);
    CHECK(at_once.measures.time_to_target_high_s == 0);
    CHECK_FALSE(at_once.measures.is_target_coarse());
    const Found never = find(snapshots, rise, accuracy_of(0.99));
    CHECK(never.measures.time_to_target_s.value == result::AtTarget::never);
    CHECK(never.measures.energy_to_target_J.value == result::AtTarget::never);
    CHECK(std::isnan(never.measures.time_to_target_low_s));
    CHECK(find(snapshots, [](double) { return std::nan(""); }, {Target::Of::loss, 1e300})
              .measures.time_to_target_s.value == result::AtTarget::never);
}

TEST_CASE("without powers no energy is known, whether a target is met or not") {
    auto snapshots = moments(40);
    for (Snapshot& snapshot : snapshots) snapshot.energy_J = std::nan("");
    for (const double target : {0.2, 0.99}) {
        const result::Measures measures = find(snapshots, rise, accuracy_of(target)).measures;
        CHECK_FALSE(std::isnan(measures.time_to_target_s.value));
        CHECK(std::isnan(measures.energy_to_target_J.value));
    }
}

TEST_CASE("lucky and unlucky tests next to the target move it by no more than their neighbours do") {
    const auto lucky = [](double moment) {
        return moment == 16 || moment == 60 || moment == 61 ? 1 : rise(moment);
    };
    const auto unlucky = [](double moment) { return moment == 80 || moment == 64 ? 0 : rise(moment); };
    const auto snapshots = moments(400);
    const double crossing = -50 * std::log(1 - 0.8);  // 80.47
    for (const auto& curve : {std::function<double(double)>(lucky), std::function<double(double)>(unlucky)}) {
        const Found found = find(snapshots, curve, accuracy_of(0.8));
        CHECK(found.measures.time_to_target_s.value == Approx(2 * crossing).margin(3));
    }
}

TEST_CASE("a target is met at the first moment whose median meets it, however much tests scatter") {
    const auto snapshots = moments(300);
    int found_at_all = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        base::RandomStream random(seed, base::Purpose::test);
        std::vector<double> accuracy;
        for (std::size_t i = 0; i < snapshots.size(); ++i) {
            const auto at = static_cast<double>(i);
            accuracy.push_back(0.9 * rise(at) + random.uniform(-0.15, 0.15));
        }
        const auto median = [&](std::size_t i) {
            const std::size_t sides = std::min({std::size_t{2}, i, accuracy.size() - 1 - i});
            std::vector<double> five(accuracy.begin() + static_cast<std::ptrdiff_t>(i - sides),
                                     accuracy.begin() + static_cast<std::ptrdiff_t>(i + sides + 1));
            std::ranges::sort(five);
            return five[sides];
        };
        std::size_t first = 0;
        while (first < accuracy.size() && median(first) < 0.85) ++first;
        const Found found = find(
            snapshots, [&](double moment) { return accuracy[static_cast<std::size_t>(moment)]; },
            accuracy_of(0.85));
        CAPTURE(seed, first);
        if (first == accuracy.size()) {
            CHECK(found.measures.time_to_target_s.value == result::AtTarget::never);
            continue;
        }
        ++found_at_all;
        CHECK(found.measures.time_to_target_high_s == 2.0 * static_cast<double>(first));
        CHECK(found.measures.time_to_target_low_s == 2.0 * static_cast<double>(first - 1));
    }
    CHECK(found_at_all > 40);
}

TEST_CASE("what is kept for tests alone has no part in the search") {
    const auto plain = moments(200);
    std::vector<Snapshot> with_tests;
    for (const Snapshot& moment : moments(200)) {
        with_tests.push_back({Snapshot::Of::shared, moment.updates, moment.elapsed_s, 0, {}, moment.kept});
        with_tests.push_back({Snapshot::Of::shared, 1000, moment.elapsed_s + 0.5, 0, {}, {.for_test = true}});
    }
    with_tests.pop_back();
    const auto scattered = [](double moment) {
        return moment == 1000 ? 1 : rise(moment) + 0.1 * std::sin(moment * moment);
    };
    CHECK(find(with_tests, scattered, accuracy_of(0.7)).measures.time_to_target_s.value ==
          find(plain, scattered, accuracy_of(0.7)).measures.time_to_target_s.value);
}

TEST_CASE("a time between moments far apart is called coarse") {
    result::Measures measures;
    CHECK_FALSE(measures.is_target_coarse());
    measures.time_to_target_s.value = 20;
    measures.time_to_target_low_s = 19;
    measures.time_to_target_high_s = 21;
    CHECK_FALSE(measures.is_target_coarse());
    measures.time_to_target_high_s = 21.1;
    CHECK(measures.is_target_coarse());
}

TEST_CASE("accuracy at a time is that of the moments next to it, and the last one after the end") {
    const auto snapshots = moments(101);
    int tests = 0;
    LearningCurve curve(snapshots,
                        {.all =
                             [&](const Snapshot& snapshot) {
                                 ++tests;
                                 return model::Evaluation{0, static_cast<double>(snapshot.updates) / 100};
                             },
                         .some = {}});
    CHECK(curve.accuracy_at(60.5) == Approx(0.3025));
    CHECK(tests == 6);
    CHECK(curve.accuracy_at(0) == Approx(0));
    CHECK(curve.accuracy_at(1e9) == Approx(1));
}

TEST_CASE("evaluations are spread over the rounds of an epoch, the last at its end") {
    const run::EvaluationSchedule schedule(5, 2);
    std::vector<std::uint64_t> due;
    for (std::uint64_t steps = 1; steps <= 10; ++steps)
        if (schedule.is_due(steps, steps - 1)) due.push_back(steps);
    CHECK(due == std::vector<std::uint64_t>{3, 5, 8, 10});
    CHECK(run::EvaluationSchedule(3, 10).is_due(1, 0));
    CHECK_FALSE(run::EvaluationSchedule(3, 10).is_due(0, 0));
    const run::EvaluationSchedule once(4, 1);
    CHECK(once.is_due(4, 3));
    CHECK_FALSE(once.is_due(3, 2));
    CHECK(once.is_due(9, 3));  // steps may be reported several at a time
    CHECK_FALSE(once.is_due(7, 5));
}

TEST_CASE("moments for a search lie as close as a share of the time until then, tests among them") {
    const run::KeepingSchedule few(run::EvaluationSchedule(7, 1), 20, 3);
    std::vector<std::uint64_t> kept;
    for (std::uint64_t steps = 1; steps <= 20; ++steps)
        if (few.due(steps, steps - 1).is_kept()) kept.push_back(steps);
    CHECK(kept == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 17});
    CHECK(few.count(20) == kept.size());
    CHECK(few.due(6, 5) == Kept{.for_search = true});
    CHECK(few.due(7, 6) == Kept{.for_test = true});
    CHECK(few.due(14, 13) == Kept{.for_test = true});
    CHECK(few.due(14, 12) == Kept{.for_test = true, .for_search = true});

    const run::KeepingSchedule many(run::EvaluationSchedule(1'000'000, 1), 1'000'000, 50);
    std::uint64_t before = 1;
    std::uint64_t widest = 0;  // in 1/50ths
    for (std::uint64_t steps = 2; steps <= 1'000'000; ++steps) {
        if (!many.due(steps, steps - 1).is_kept()) continue;
        if (steps > 50) widest = std::max(widest, 50 * (steps - before) / before);
        before = steps;
    }
    CHECK(widest <= 1);
    CHECK(many.moments() < 700);
}

}  // namespace test_measures
