// The result of a run of which one rank alone can tell.
#include <cmath>
#include <limits>
#include <utility>

#include "result/json.hpp"
#include "result/text.hpp"
#include "run/aborted_run.hpp"
#include "run/evaluation.hpp"
#include "tests/support/catch.hpp"

namespace test_aborted_run {

using namespace lockstep;
using Catch::Matchers::ContainsSubstring;
using scenario::Method;

namespace {

constexpr std::size_t batch = 25;
constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// Two rounds an epoch of each worker.
scenario::Config config_of(const char* method) {
    scenario::Config config;
    config.method = Method(method);
    config.workers = 2;
    config.train_samples = 100;
    config.test_samples = 20;
    config.batch = batch;
    config.epochs = 5;
    return config;
}

result::Evaluation row(std::uint64_t updates, double accuracy) {
    result::Evaluation evaluation;
    evaluation.epoch = static_cast<double>(updates) / 4;
    evaluation.elapsed_s = 0.5 * evaluation.epoch;
    evaluation.updates = updates;
    evaluation.test_loss = 1 - accuracy;
    evaluation.test_accuracy = accuracy;
    return evaluation;
}

run::SurvivorReport survivor(std::size_t rank, bool is_server, std::vector<exchange::Update> updates) {
    run::SurvivorReport left;
    result::Worker& worker = left.report.worker;
    worker.rank = rank;
    worker.is_server = is_server;
    worker.completed = false;
    worker.host = "here";
    worker.elapsed_s = 2;
    worker.compute_s = 0.5;
    worker.wait_s = worker.transfer_s = worker.other_s = not_known;
    worker.cpu_s = 0.5;
    worker.memory_bytes = 1e6;
    worker.messages_sent = 5;
    worker.bytes_sent = 500;
    left.report.place = {"Some MPI", "", "here", "machine", 4, 1e9};
    left.report.updates = std::move(updates);
    left.report.history = {row(0, 0.1), row(2, 0.5)};
    left.report.parameters_digest = "00ff";
    return left;
}

result::Result summarised(const scenario::Config& config, run::SurvivorReport left) {
    const std::vector<std::string> hosts(scenario::rank_count(config), "here");
    return run::summarise_aborted(config, run::read_problem(config), std::move(left),
                                  {"rank 1 on here has ended", hosts});
}

}  // namespace

TEST_CASE("a server knows what has entered v, and of whom") {
    const auto config = config_of("by-arrival");
    const auto result = summarised(config, survivor(2, true, {{0, 0, 0, 0}, {1, 0, 0, 1}, {0, 1, 1, 2}}));
    CHECK(result.summary.outcome == result::Outcome::aborted);
    CHECK(result.provenance.abort_cause == "rank 1 on here has ended");
    CHECK(result.provenance.backend == "Some MPI");
    CHECK(result.provenance.platform == "3 ranks on 1 host");
    CHECK(result.summary.updates == 3);
    CHECK(result.staleness == result::Staleness{{0, 1}, {1, 2}});
    CHECK(result.summary.samples_applied == 3 * batch);
    CHECK(result.summary.elapsed_s == 2);
    CHECK(result.summary.test_accuracy == 0.5);
    CHECK(result.summary.parameters_digest == "00ff");
    REQUIRE(result.workers.size() == 3);
    CHECK(result.workers[0].steps == 2);
    CHECK(result.workers[0].samples == 2 * batch);
    CHECK(result.workers[1].updates == 1);
    CHECK(result.workers[1].host == "here");
    CHECK(result.workers[2].elapsed_s == 2);
    CHECK_FALSE(result.workers[0].completed);
    REQUIRE(result.history.size() == 2);
    CHECK(result.history[1].samples == 2 * batch);
}

TEST_CASE("what nobody knows is no figure") {
    const auto result = summarised(config_of("by-arrival"), survivor(2, true, {{0, 0, 0, 0}}));
    for (const std::size_t rank : {0UL, 1UL}) {
        CHECK(std::isnan(result.workers[rank].elapsed_s));
        CHECK(std::isnan(result.workers[rank].cpu_s));
        CHECK_FALSE(result.workers[rank].stopped);
        CHECK_FALSE(result.workers[rank].messages_sent);
    }
    for (const double figure :
         {result.summary.compute_s, result.summary.wait_share, result.summary.idle_fraction,
          result.summary.cpu_percent, result.summary.memory_bytes, result.history[1].train_loss})
        CHECK(std::isnan(figure));
    CHECK_FALSE(result.summary.messages);
    CHECK_FALSE(result.summary.predicted_messages);
    CHECK_FALSE(result.order);
    const std::string json = result::to_json(result);
    CHECK(result::to_json(result::from_json(json, "x")) == json);
    CHECK_THAT(json, ContainsSubstring("\"outcome\": \"aborted\""));
    CHECK_THAT(result::to_text(result), ContainsSubstring("aborted  rank 1 on here has ended"));
}

TEST_CASE("where workers agree without a server, their steps are those that v holds") {
    auto left = survivor(0, false, {{0, 0, 0, 0}, {0, 1, 1, 1}, {0, 2, 2, 2}});
    left.report.worker.steps = 3;
    left.report.worker.samples = 3 * batch;
    left.report.losses = {0.75, 0.5, 0.25};
    left.steps_of_v = 2;  // the third step had no partner any more
    const auto result = summarised(config_of("sync-average"), std::move(left));
    CHECK(result.workers[0].updates == 2);
    CHECK(result.workers[1].updates == 2);
    CHECK(result.workers[1].steps == 2);
    CHECK(result.summary.updates == 4);
    CHECK(result.summary.mean_staleness == 0);
    CHECK(result.history[1].samples == 2 * batch);
    CHECK(result.summary.outcome == result::Outcome::aborted);  // not diverged, by losses that nobody knows
}

TEST_CASE("a token that the survivor had last was with the others before") {
    auto left = survivor(1, false, {{1, 0, 0, 1}, {1, 1, 2, 3}});
    left.report.losses = {0.75, 0.5};
    left.steps_of_v = 2;
    const auto result = summarised(config_of("in-turn"), std::move(left));
    REQUIRE(result.updates.size() == 4);
    const auto is = [](const result::Update& update, result::Update expected) {
        return update.worker == expected.worker && update.step == expected.step &&
               update.version_read == expected.version_read &&
               update.version_applied == expected.version_applied;
    };
    CHECK(is(result.updates[0], {0, 0, 0, 0}));
    CHECK(is(result.updates[1], {1, 0, 0, 1}));
    CHECK(is(result.updates[2], {0, 1, 1, 2}));
    CHECK(is(result.updates[3], {1, 1, 2, 3}));
}

TEST_CASE("a run that had applied nothing has the start parameters") {
    auto left = survivor(2, true, {});
    left.report.history = {row(0, 0.1)};
    left.report.parameters_digest.clear();
    const auto result = summarised(config_of("by-arrival"), std::move(left));
    CHECK(result.summary.updates == 0);
    REQUIRE(result.history.size() == 1);
    CHECK(result.summary.test_accuracy == 0.1);
}

TEST_CASE("the rank that has v") {
    CHECK(run::rank_with_v(config_of("sync-average")) == 0);
    CHECK(run::rank_with_v(config_of("by-arrival")) == 2);
    CHECK(run::rank_with_v(config_of("in-turn")) == 1);
    CHECK(run::rank_with_v(config_of("gossip")) == 0);
}

TEST_CASE("in a hurry the last parameters are tested, and others while there is time") {
    const auto config = config_of("by-arrival");
    const run::Problem problem = run::read_problem(config);
    const base::FloatBuffer start(problem.parameters);
    const auto evaluated = [&](int tests) {
        std::vector<run::Snapshot> own;
        for (const std::uint64_t updates : {4UL, 8UL, 12UL}) {
            run::Snapshot& snapshot = own.emplace_back();
            snapshot.updates = updates;
            snapshot.values = base::FloatBuffer(problem.parameters);
            snapshot.kept.for_test = true;
        }
        run::RankReport report;
        report.worker.rank = 2;
        run::evaluate_kept(problem, config, {start.span()}, std::move(own), {}, report,
                           [&] { return tests-- > 0; });
        std::vector<bool> tested;
        for (const result::Evaluation& row : report.history) tested.push_back(std::isfinite(row.test_loss));
        CHECK_FALSE(report.parameters_digest.empty());
        return tested;
    };
    CHECK(evaluated(0) == std::vector<bool>{false, false, false, true});
    CHECK(evaluated(1) == std::vector<bool>{false, false, true, true});
    CHECK(evaluated(9) == std::vector<bool>{true, true, true, true});
}

}  // namespace test_aborted_run
