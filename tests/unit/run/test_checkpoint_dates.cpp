// When checkpoints are due, by time and by steps.
#include <utility>

#include "run/checkpoint/dates.hpp"
#include "tests/support/catch.hpp"

namespace {

using lockstep::run::CheckpointDates;
using lockstep::scenario::Config;

Config every(lockstep::scenario::CheckpointInterval interval) {
    Config config;
    config.checkpoint_every = interval;
    return config;
}

constexpr double unless_asked = 60;

}  // namespace

TEST_CASE("checkpoints are due at multiples of a time, whatever the steps") {
    CheckpointDates dates(every(0.5), 10, unless_asked);
    CHECK_FALSE(dates.is_due(0, 0));
    CHECK_FALSE(dates.is_due(0.49, 1000));
    CHECK(dates.is_due(0.5, 0));
    dates.pass(1.7, 3);  // those before are passed, however many
    CHECK_FALSE(dates.is_due(1.99, 4));
    CHECK(dates.is_due(2, 4));
}

TEST_CASE("checkpoints are due after whole epochs, whatever the time") {
    CheckpointDates dates(every(std::uint64_t{2}), 10, unless_asked);
    CHECK_FALSE(dates.is_due(1e9, 19));
    CHECK(dates.is_due(0, 20));
    dates.pass(0, 20);
    CHECK_FALSE(dates.is_due(0, 39));
    CHECK(dates.is_due(0, 40));
}

TEST_CASE("a run that goes on has the dates of one that was not interrupted") {
    CheckpointDates whole(every(0.25), 10, unless_asked);
    for (const double date_s : {0.25, 0.5, 0.8}) whole.pass(date_s, 0);
    CheckpointDates resumed(every(0.25), 10, unless_asked);
    resumed.pass(0.8, 0);
    for (const double at_s : {0.81, 0.99, 1.0, 1.2}) CHECK(resumed.is_due(at_s, 0) == whole.is_due(at_s, 0));
}

TEST_CASE("steps ahead are those until the next date, as fast as before") {
    const CheckpointDates by_steps(every(std::uint64_t{1}), 10, unless_asked);
    CHECK(by_steps.steps_ahead(5, 4) == 6);
    CHECK(by_steps.steps_ahead(5, 10) == 1);  // due: at least one
    const CheckpointDates by_time(every(2.0), 10, unless_asked);
    CHECK(by_time.steps_ahead(0.5, 5) == 15);  // of 0.1 s each
    CHECK(by_time.steps_ahead(1.99, 5) == 1);
    CHECK(by_time.steps_ahead(0, 0) > 1000);  // nothing is known of their length
    CHECK(by_time.steps_ahead(3, 5) == 1);
}

TEST_CASE("the next date is always ahead, also where rounding makes a multiple of what has passed") {
    for (const auto& [every_s, elapsed_s] :
         {std::pair(0.01, 0.29), std::pair(0.1, 4.3), std::pair(0.7, 2.0999999999999996)}) {
        CAPTURE(every_s, elapsed_s);
        CheckpointDates dates(every(every_s), 10, unless_asked);
        dates.pass(elapsed_s, 1);
        CHECK_FALSE(dates.is_due(elapsed_s, 1000));
        CHECK(dates.is_due(elapsed_s + 1.01 * every_s, 1000));
    }
}

TEST_CASE("where nobody has asked for an interval, a hundred steps lie between two checkpoints") {
    CheckpointDates by_time(Config{}, 10, 60.0);
    CHECK_FALSE(by_time.is_due(1e9, 99));  // steps of more than an interval
    CHECK_FALSE(by_time.is_due(59.9, 1000));
    CHECK(by_time.is_due(60, 100));
    by_time.pass(1e6, 120);
    CHECK_FALSE(by_time.is_due(2e6, 219));
    CHECK(by_time.is_due(2e6, 220));
    CHECK(by_time.steps_ahead(2e6, 150) == 70);
    CheckpointDates by_steps(Config{}, 30, std::uint64_t{1});
    CHECK_FALSE(by_steps.is_due(0, 119));
    CHECK(by_steps.is_due(0, 120));  // the first end of an epoch after a hundred
    by_steps.pass(0, 130);
    CHECK_FALSE(by_steps.is_due(0, 239));
    CHECK(by_steps.is_due(0, 240));
}
