#include <cmath>

#include <catch2/catch.hpp>

#include "run/evaluation_schedule.hpp"
#include "run/measures.hpp"

using namespace lockstep;

namespace {

result::Result with_accuracies() {
    result::Result result;
    result.history = {{0, std::nullopt, 0, 0, 0, 2.3, 2.3, 0.1, 0},
                      {1, std::nullopt, 2, 10, 100, 0.5, 0.5, 0.9, 200},
                      {1, 0, 1.5, 5, 50, 0.5, 0.5, 0.99, 150},  // of a worker's own parameters
                      {2, std::nullopt, 4, 20, 200, 0.4, 0.4, 0.94, 500},
                      {3, std::nullopt, 6, 30, 300, 0.4, 0.4, 0.92, 700}};
    return result;
}

result::Summary measured(std::optional<double> target, std::optional<double> budget_s) {
    result::Result result = with_accuracies();
    result.config.target_accuracy = target;
    result.config.time_budget_s = budget_s;
    run::add_measures(result);
    return result.summary;
}

}  // namespace

TEST_CASE("time and energy to a target are interpolated at its first crossing") {
    CHECK(measured(0.92, {}).time_to_target_s.value == Approx(3));
    CHECK(measured(0.92, {}).energy_to_target_J.value == Approx(350));
    CHECK(measured(0.5, {}).time_to_target_s.value == Approx(1));
    CHECK(measured(0.05, {}).time_to_target_s.value == 0);
    CHECK(measured(0.95, {}).time_to_target_s.value == result::AtTarget::never);
    CHECK(std::isnan(measured({}, {}).time_to_target_s.value));
}

TEST_CASE("accuracy at a time is interpolated, and the last one after the end") {
    CHECK(measured({}, 1).accuracy_at_budget == Approx(0.5));
    CHECK(measured({}, 0).accuracy_at_budget == Approx(0.1));
    CHECK(measured({}, 5).accuracy_at_budget == Approx(0.93));
    CHECK(measured({}, 60).accuracy_at_budget == Approx(0.92));
    CHECK(std::isnan(measured({}, {}).accuracy_at_budget));
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
