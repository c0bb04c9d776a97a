#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "scenario/parse.hpp"
#include "study/sweep/plan.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

using namespace lockstep;
using namespace lockstep::study;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

namespace {

SweepPlan plan(Words words, const std::string& axes, std::size_t replicates = 1,
               const std::string& program = "p") {
    words.insert(words.end(), {"--train-samples", "600", "--test-samples", "100"});
    return plan_sweep(scenario::parse(words), parse_sweep_axes(axes), replicates, program);
}

std::string refused(const Words& words, const std::string& axes, std::size_t replicates = 1) {
    return test::refusal([&] { plan(words, axes, replicates); });
}

std::set<std::string> ids(const SweepPlan& plan) {
    std::set<std::string> result;
    for (const SweepRun& run : plan.runs) result.insert(run.id);
    return result;
}

}  // namespace

TEST_CASE("points are the product of the axes, the first slowest, replicates fastest") {
    const SweepPlan made = plan({"--method", "in-turn", "--seed", "7"}, "workers=1,2\nlr=0.1,0.2,0.3", 2);
    CHECK(made.points() == 6);
    REQUIRE(made.rows.size() == 12);
    REQUIRE(made.runs.size() == 12);
    CHECK(made.values(0) == Words{"1", "0.1"});
    CHECK(made.values(1) == Words{"1", "0.2"});
    CHECK(made.values(5) == Words{"2", "0.3"});
    CHECK(made.runs[3].config.seed == 8);
    CHECK(made.runs[3].config.lr == 0.2);
    CHECK(made.runs[3].config.workers == 1);
    CHECK(ids(made).size() == 12);
}

TEST_CASE("no axis is one point, of several replicates") {
    CHECK(plan({}, "", 3).points() == 1);
    CHECK(plan({}, "", 3).runs.size() == 3);
    CHECK_THAT(refused({}, ""), ContainsSubstring("at least one axis"));
}

TEST_CASE("points on which a swept key has no effect share one run") {
    const SweepPlan made = plan({}, "method+workers=serial+1|sync-average+2\ncollective=tree,ring");
    CHECK(made.rows.size() == 4);
    CHECK(made.runs.size() == 3);
    CHECK(made.rows[0].run == made.rows[1].run);
    CHECK(made.rows[2].run != made.rows[3].run);
}

TEST_CASE("a run is named by what determines its result, and by the program") {
    const auto id = [](const Words& words, const std::string& program) {
        return plan(words, "workers=2", 1, program).runs.front().id;
    };
    const Words base{"--method", "in-turn"};
    const auto with = [&](const Words& more) {
        Words words = base;
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
    CHECK(id(base, "p") == id(with({"--threads", "3", "--format", "csv", "--progress", "never"}), "p"));
    CHECK(id(base, "p") == id(with({"--data-cache", "x", "--out", "y"}), "p"));
    CHECK(id(base, "p") != id(base, "q"));
    CHECK(id(base, "p") != id(with({"--lr", "0.5"}), "p"));
    CHECK(id(base, "p").size() == 32);
}

TEST_CASE("a combination that its check refuses is a failure, unless every one is") {
    const SweepPlan made = plan({}, "method=serial,in-turn\nworkers=1,2");
    REQUIRE(made.runs.size() == 4);
    CHECK(made.runs[0].failure.empty());
    CHECK_THAT(made.runs[1].failure,
               ContainsSubstring("--workers: given '2'; allowed: 1 with --method serial"));
    CHECK(made.runs[2].failure.empty());
    CHECK(made.runs[3].failure.empty());
    CHECK_THAT(refused({}, "workers=2,3"),
               ContainsSubstring("no run of the sweep can be made") && ContainsSubstring("--workers"));
}

TEST_CASE("a point may be what makes the scenario valid") {
    CHECK(plan({"--workers", "4"}, "method=sync-average,in-turn").runs.front().failure.empty());
    CHECK(plan({"--collective", "ring"}, "method+workers=serial+1|sync-average+2").points() == 2);
}

TEST_CASE("a sweep that makes no sense as a whole is refused") {
    CHECK_THAT(refused({"--lr", "1"}, "lr=0.1,0.2"), ContainsSubstring("--lr: it is swept"));
    CHECK_THAT(refused({}, "seed=1,2", 2),
               ContainsSubstring("--replicates") && ContainsSubstring("seed is swept"));
    CHECK_THAT(refused({"--seed", "18446744073709551615"}, "lr=0.1,0.2", 2), ContainsSubstring("--seed"));
    CHECK_THAT(refused({}, "beta=0.1,0.2"),
               ContainsSubstring("--sweep beta: it applies only with --update mix"));
    CHECK_THAT(refused({"--beta", "0.1"}, "lr=0.1,0.2"),
               ContainsSubstring("--beta: it applies only with --update mix"));
    CHECK_THAT(refused({}, "epochs=1..1000\nbatch=1..200"), ContainsSubstring("at most 100000 runs"));
}

TEST_CASE("shards have every point once, about as many each, and all values of the last axis") {
    for (const std::size_t last_axis : {1UL, 2UL, 4UL, 6UL, 9UL, 16UL})
        for (std::size_t count = 1; count <= 9; ++count) {
            const std::size_t points = last_axis * 2 * count;
            std::vector<std::size_t> sizes(count, 0);
            std::vector<std::set<std::size_t>> values(count);
            for (std::size_t point = 0; point < points; ++point) {
                std::size_t owners = 0;
                for (std::size_t i = 0; i < count; ++i)
                    if (Shard{i + 1, count}.has(point, last_axis)) {
                        ++sizes[i];
                        ++owners;
                        values[i].insert(point % last_axis);
                    }
                CHECK(owners == 1);
            }
            CHECK(std::ranges::max(sizes) - std::ranges::min(sizes) <= 1);
            for (const auto& of_shard : values) CHECK(of_shard.size() == last_axis);
        }
}

TEST_CASE("a shard keeps its points and the runs of these alone") {
    const Words words{"--method", "in-turn"};
    const SweepPlan whole = plan(words, "workers=1..5", 2);
    SweepPlan part = whole;
    restrict_to(part, {1, 2});
    REQUIRE(part.points() == 3);  // 0, 2 and 4
    CHECK(part.runs.size() == 6);
    for (const SweepRow& row : part.rows) {
        CHECK(Shard{1, 2}.has(row.point, 5));
        CHECK(part.runs[row.run].id == whole.runs[whole.rows[row.point * 2 + row.replicate].run].id);
    }
    CHECK_THAT(test::refusal([&] {
                   restrict_to(part, {1, 4});
               }),
               ContainsSubstring("--shard: given '1/4'") && ContainsSubstring("points, 3"));
}

TEST_CASE("a run that points of two shards share is in both") {
    SweepPlan first = plan({}, "method+workers=serial+1|sync-average+2\ncollective=tree,ring");
    SweepPlan second = first;
    restrict_to(first, {1, 2});
    restrict_to(second, {2, 2});
    CHECK(first.runs.front().id == second.runs.front().id);
    CHECK(first.runs.size() == 2);
    CHECK(second.runs.size() == 2);
}
