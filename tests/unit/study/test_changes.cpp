#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "study/manual/page.hpp"
#include "study/validate/against/changes.hpp"
#include "study/validate/side.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

namespace test_changes {

using namespace lockstep;
using namespace lockstep::study;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using Words = std::vector<std::string>;
using test::refusal;

namespace {

/// `key=value` of each.
Words changes_in(const std::string& text) {
    Words all;
    for (const Change& change : parse_changes(text))
        all.push_back(std::string(change.option->key) + "=" + change.value);
    return all;
}

std::string refused(const std::string& text) {
    return refusal([&] { parse_changes(text); });
}

const Words scenario_words{"--method",        "sync-average", "--workers",      "2", "--collective", "ring",
                           "--train-samples", "200",          "--test-samples", "50"};

std::vector<Side> sides_of(const Words& words) {
    const auto& keys = page_of("validate").keys;
    return requested_sides(scenario::parse(words, keys, scenario::World::real), words, keys);
}

std::vector<Side> sides(Words words) {
    words.insert(words.begin(), scenario_words.begin(), scenario_words.end());
    return sides_of(words);
}

std::string refused_sides(const Words& words) {
    return refusal([&] { sides(words); });
}

}  // namespace

TEST_CASE("changes have semicolons between, which a value may hold too") {
    CHECK(changes_in("straggler=worker=3,factor=4") == Words{"straggler=worker=3,factor=4"});
    CHECK(changes_in("lr=0.1; period=4") == Words{"lr=0.1", "period=4"});
    CHECK(changes_in("straggler=worker=0,factor=2;worker=1,factor=4;lr=0.1") ==
          Words{"straggler=worker=0,factor=2;worker=1,factor=4", "lr=0.1"});
    CHECK(changes_in("latency-factor=0:1;4112:2;lr=0.1") == Words{"latency-factor=0:1;4112:2", "lr=0.1"});
    CHECK(changes_in("hidden=") == Words{"hidden="});
}

TEST_CASE("on further lines are further changes, also of a key that may be repeated") {
    CHECK(changes_in("lr=0.1\nperiod=4") == Words{"lr=0.1", "period=4"});
    CHECK(changes_in("straggler=worker=0,factor=2\nlr=0.1\nstraggler=worker=1,factor=4;worker=2,factor=3") ==
          Words{"straggler=worker=0,factor=2;worker=1,factor=4;worker=2,factor=3", "lr=0.1"});
    CHECK_THAT(refused("lr=0.1\nlr=0.2"), ContainsSubstring("each key once; lr is there twice"));
}

TEST_CASE("a change is of a key that results depend on, with a value that it allows") {
    CHECK_THAT(refused("stragler=worker=0,factor=2"), ContainsSubstring("did you mean straggler?"));
    CHECK_THAT(refused("lr=0.1;perod=4"), ContainsSubstring("did you mean period?"));
    CHECK_THAT(refused("out=x"), ContainsSubstring("--out is the same on both sides"));
    CHECK_THAT(refused("lr"), StartsWith("--against: given 'lr'; allowed: KEY=VALUE"));
    CHECK_THAT(refused("=1"), StartsWith("--against: given '=1'; allowed: KEY=VALUE"));
    CHECK_THAT(refused("lr=fast"), StartsWith("--against lr: given 'fast'"));
    CHECK_THAT(refused("straggler=worker=0"), StartsWith("--against straggler: "));
    CHECK_THAT(refused("\n"), StartsWith("--against: "));
}

TEST_CASE("the changed side is the same command line with the changes") {
    const auto both = sides({"--against", "batch=50", "--pairs", "3"});
    REQUIRE(both.size() == 2);
    CHECK(both[0].request.repeats == 3);
    CHECK(both[1].request.repeats == 3);
    CHECK(both[0].config.batch == 100);
    CHECK(both[1].config.batch == 50);
    CHECK(both[1].prefix == "against-");
    scenario::Config same = both[1].config;
    same.batch = 100;
    CHECK(same == both[0].config);
    CHECK(both[1].request.calibrates);
    CHECK(both[1].calibrates_alone);
    CHECK(sides({}).size() == 1);
}

TEST_CASE("an empty --against on the command line is refused, and no wish to change nothing") {
    CHECK_THAT(refused_sides({"--against", ""}), StartsWith("--against: given ''; allowed: KEY=VALUE"));
    CHECK_THAT(refused_sides({"--against="}), StartsWith("--against: given ''; allowed: KEY=VALUE"));
    CHECK_THAT(refused_sides({"--against", "", "--pairs", "3"}), StartsWith("--against: "));
}

TEST_CASE("one calibration is of both sides where steps, messages, workers and processors are the same") {
    CHECK_FALSE(sides({"--against", "lr=0.5"})[1].calibrates_alone);
    CHECK_FALSE(
        sides({"--emulate-speed", "50Mf", "--against", "straggler=worker=1,factor=4"})[1].calibrates_alone);
    CHECK(sides({"--against", "hidden=30"})[1].calibrates_alone);
    CHECK(sides({"--against", "collective=tree"})[1].calibrates_alone);
    CHECK(sides({"--against", "method=gossip"})[1].calibrates_alone);
    for (const char* change : {"buckets=4", "compression=fp16", "compression=qsgd"}) {
        CAPTURE(change);
        CHECK(sides_of({"--method", "allreduce", "--collective", "ring", "--workers", "2", "--train-samples",
                        "200", "--test-samples", "50", "--against", change})[1]
                  .calibrates_alone);
    }
    CHECK(sides({"--against", "optimiser=momentum"})[1].calibrates_alone);
    for (const auto& [method, change] :
         {std::pair{"in-turn", "server=dedicated"}, std::pair{"by-arrival", "step-size=staleness-aware"},
          std::pair{"gossip", "gossip-order=adapt-then-combine"}}) {
        CAPTURE(change);
        CHECK(sides_of({"--method", method, "--workers", "2", "--train-samples", "200", "--test-samples",
                        "50", "--against", change})[1]
                  .calibrates_alone);
    }
    CHECK(sides({"--against", "workers=1"})[1].calibrates_alone);
    CHECK(sides({"--against", "emulate-speed=50Mf"})[1].calibrates_alone);
}

TEST_CASE("what has no effect on the changed side is not given to it") {
    const auto both = sides({"--against", "method=gossip"});
    CHECK(both[1].config.method.name() == "gossip");
    CHECK(both[0].config.collective.name() == "ring");
    CHECK(std::ranges::find(both[1].words, "--collective") == both[1].words.end());
}

TEST_CASE("changes that reality cannot make are refused by name") {
    CHECK_THAT(
        refused_sides({"--against", "lr=0.5;bandwidth=10Mbps"}),
        StartsWith("--against: given 'bandwidth=10Mbps'; allowed: keys that can be changed in the real "
                   "world") &&
            ContainsSubstring("--measured-against"));
    CHECK_THAT(refused_sides({"--against", "straggler=worker=1,factor=4"}),
               ContainsSubstring("--emulate-speed"));
    CHECK(sides({"--emulate-speed", "50Mf", "--against", "straggler=worker=1,factor=4"}).size() == 2);
    CHECK(sides({"--measured", "a", "--measured-against", "b", "--against", "bandwidth=10Mbps"}).size() == 2);
}

TEST_CASE("a change changes something, in both worlds") {
    CHECK_THAT(refused_sides({"--against", "collective=ring"}),
               StartsWith("--against: given 'collective=ring'; allowed: another value than the scenario's"));
    CHECK_THAT(refused_sides({"--speed", "1Gf", "--against", "emulate-speed=50Mf"}),
               StartsWith("--against: given 'emulate-speed=50Mf'; allowed: keys that a simulation"));
}

TEST_CASE("keys of pairs go with pairs") {
    CHECK_THAT(refused_sides({"--pairs", "3"}), StartsWith("--pairs: it applies only with --against"));
    CHECK_THAT(refused_sides({"--repeats", "3", "--against", "lr=0.5"}),
               StartsWith("--repeats: with --against"));
    CHECK_THAT(refused_sides({"--measured", "a,b", "--measured-against", "c", "--against", "lr=0.5"}),
               StartsWith("--measured-against: given '1 folders'; allowed: 2, one for each of --measured"));
    CHECK_THAT(refused_sides({"--measured-against", "c", "--against", "lr=0.5"}),
               StartsWith("--measured-against: it applies only with --measured"));
    CHECK_THAT(refused_sides({"--measured", "a", "--against", "lr=0.5"}), StartsWith("--measured-against: "));
}

}  // namespace test_changes
