#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "result/json.hpp"
#include "sample.hpp"
#include "scenario/options/options.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::result;
using Catch::Matchers::ContainsSubstring;
using Json = nlohmann::ordered_json;

TEST_CASE("every key of the configuration is there as the text that a user writes") {
    const Json json = Json::parse(to_json(sample_result()));
    REQUIRE(json["config"].size() == scenario::options().size());
    for (const scenario::Option& option : scenario::options())
        CHECK(json["config"].at(std::string(option.key)) == option.kind.get(sample_result().config));
    CHECK(json["config"]["method"] == "in-turn");
    CHECK(json["config"]["latency"] == "50us");
    CHECK(json["config"]["hidden"] == "30");
}

TEST_CASE("the summary says method, workers, outcome and what CPU and memory are") {
    Result result = sample_result();
    Json summary = Json::parse(to_json(result))["summary"];
    CHECK(summary["method"] == "in-turn");
    CHECK(summary["workers"] == 2);
    CHECK(summary["outcome"] == "finished");
    CHECK(summary["cpu_and_memory"] == "predicted");
    CHECK(summary["bytes"].get<std::uint64_t>() == 18446744073709551615ULL);
    CHECK(summary["test_loss"].get<double>() == 0.1 + 0.2);
    result.provenance.world = "real";
    result.summary.outcome = Outcome::diverged;
    summary = Json::parse(to_json(result))["summary"];
    CHECK(summary["cpu_and_memory"] == "measured");
    CHECK(summary["outcome"] == "diverged");
}

TEST_CASE("the staleness histogram is in numerical order, evaluations of shared parameters have no worker") {
    const Json json = Json::parse(to_json(sample_result()));
    CHECK(json["staleness"].dump() == R"({"0":1,"1":2,"10":1})");
    CHECK(json["history"][0]["worker"].is_null());
    CHECK(json["history"][1]["worker"] == 1);
    CHECK(json["format"] == json_format);
}

TEST_CASE("what is not finite is null, and reads back as NaN") {
    Result result = sample_result();
    result.summary.test_loss = std::numeric_limits<double>::quiet_NaN();
    result.history[0].train_loss = std::numeric_limits<double>::infinity();
    result.summary.predicted_bytes.reset();
    const std::string text = to_json(result);
    const Json json = Json::parse(text);
    CHECK(json["summary"]["test_loss"].is_null());
    CHECK(json["history"][0]["train_loss"].is_null());
    CHECK(json["summary"]["predicted_bytes"].is_null());
    const Result back = from_json(text, "x");
    CHECK(std::isnan(back.summary.test_loss));
    CHECK(std::isnan(back.history[0].train_loss));
    CHECK_FALSE(back.summary.predicted_bytes.has_value());
}

TEST_CASE("a target that was never reached is a word, one that nobody set is null") {
    Result result = sample_result();
    const Json json = Json::parse(to_json(result));
    CHECK(json["summary"]["energy_to_target_J"] == "never");
    CHECK(json["summary"]["time_to_target_s"] == 1.75);
    CHECK(from_json(json.dump(), "x").summary.energy_to_target_J.value == AtTarget::never);
    CHECK(Json::parse(to_json(Result{}))["summary"]["time_to_target_s"].is_null());
}

TEST_CASE("all but the single updates reads back to the same bytes") {
    const std::string text = to_json(sample_result());
    const Result back = from_json(text, "x");
    CHECK(to_json(back) == text);
    CHECK(back.config == sample_result().config);
    CHECK(back.updates.empty());
    CHECK(text.back() == '\n');
    const std::string empty = to_json(Result{});
    CHECK(to_json(from_json(empty, "x")) == empty);
}

TEST_CASE("a result of the first format, written before fields were added, is read") {
    Json old = Json::parse(to_json(sample_result()));
    old["format"] = first_json_format;
    old["config"].erase("target-loss");
    for (const char* field : {"products", "launcher", "calibration_warnings"}) old["provenance"].erase(field);
    for (const char* field :
         {"samples_computed", "samples_applied", "time_to_target_low_s", "time_to_target_high_s"})
        old["summary"].erase(field);
    std::uint64_t computed = 0;
    for (Json& worker : old["workers"]) {
        for (const char* field : {"samples_applied", "copying_s", "stopped"}) worker.erase(field);
        computed += worker["samples"].get<std::uint64_t>();
    }
    const Result read = from_json(old.dump(), "old.json");
    CHECK_FALSE(read.config.target_loss.has_value());
    CHECK(read.summary.samples_computed == computed);
    CHECK(read.summary.samples_applied == computed);
    CHECK(std::isnan(read.summary.time_to_target_low_s));
    CHECK(read.workers[0].copying_s == 0);
    CHECK(read.provenance.calibration_warnings.empty());
    CHECK_FALSE(read.workers[0].stopped);
    CHECK(read.summary.samples_per_s == sample_result().summary.samples_per_s);
}

TEST_CASE("numbers that need all digits read back exactly") {
    Result result;
    for (const double value : {1.0 / 3, 5e-324, 1.7976931348623157e308, 1e23, 0.1}) {
        result.summary.elapsed_s = value;
        CHECK(from_json(to_json(result), "x").summary.elapsed_s == value);
    }
}

TEST_CASE("text that is not UTF-8 in a name does not break the result") {
    Result result = sample_result();
    result.provenance.host = "caf\xe9";
    CHECK_NOTHROW(from_json(to_json(result), "x"));
}

TEST_CASE("a key of the configuration that is no more is passed over") {
    Json older = Json::parse(to_json(sample_result()));
    older["config"]["replay-by"] = "serial";
    CHECK(from_json(older.dump(), "x").config == sample_result().config);
}

TEST_CASE("malformed results are refused with their source and the reason") {
    const auto refuses = [](const Json& json, const char* reason) {
        CHECK_THROWS_AS(from_json(json.dump(), "a.json"), base::InputError);
        CHECK_THROWS_WITH(
            from_json(json.dump(), "a.json"),
            Catch::Matchers::StartsWith("a.json: not a result of lockstep: ") && ContainsSubstring(reason));
    };
    CHECK_THROWS_AS(from_json("", "a.json"), base::InputError);
    CHECK_THROWS_WITH(from_json("{\"a\": ", "a.json"),
                      Catch::Matchers::StartsWith("a.json: not a result of lockstep: "));
    const Json good = Json::parse(to_json(sample_result()));
    refuses(Json::array(), "no object");
    Json bad = good;
    bad["format"] = "lockstep-result-0";
    refuses(bad, R"(format: given "lockstep-result-0"; allowed: lockstep-result-2, lockstep-result-1)");
    bad = good;
    bad["summary"].erase("elapsed_s");
    refuses(bad, "summary.elapsed_s is missing");
    bad = good;
    bad.erase("workers");
    refuses(bad, "workers is missing");
    bad = good;
    bad["summary"]["elapsed_s"] = "soon";
    refuses(bad, R"(summary.elapsed_s: given "soon"; allowed: a number or null)");
    bad["summary"]["elapsed_s"] = -1.5;
    refuses(bad, "summary.elapsed_s: given -1.5; allowed: a number from 0");
    bad = good;
    bad["workers"][1]["steps"] = -3;
    refuses(bad, "workers[1].steps: given -3; allowed: a whole number from 0");
    bad = good;
    bad["history"][0] = 7;
    refuses(bad, "history[0]: given 7; allowed: an object");
    bad = good;
    bad["provenance"]["host"] = true;
    refuses(bad, "provenance.host: given true; allowed: a text");
    bad = good;
    bad["provenance"]["calibration_warnings"] = "one";
    refuses(bad, R"(provenance.calibration_warnings: given "one"; allowed: a list of texts)");
    bad["provenance"]["calibration_warnings"] = {"one", 2};
    refuses(bad, "provenance.calibration_warnings: given 2; allowed: a text");
    bad = good;
    bad["summary"]["time_to_target_s"] = "soon";
    refuses(bad, R"(time_to_target_s: given "soon"; allowed: a number, never or null)");
    bad = good;
    bad["summary"]["outcome"] = "won";
    refuses(bad, R"(summary.outcome: given "won"; allowed: finished, diverged)");
    bad = good;
    bad["config"]["batch"] = "many";
    refuses(bad, "config.batch: given 'many'");
    bad = good;
    bad["config"]["inertia"] = "1";
    refuses(bad, "config.inertia is unknown");
    bad = good;
    bad["config"]["seed"] = 7;
    refuses(bad, "config.seed: given 7; allowed: a text");
    bad = good;
    bad["staleness"]["old"] = 1;
    refuses(bad, "staleness: given 'old'");
    bad = good;
    bad["workers"] = 3;
    refuses(bad, "workers: given 3; allowed: a list");
    bad = good;
    bad["summary"]["elapsed_s"] = Json::array({1, 2, 3});
    refuses(bad, "summary.elapsed_s: given a list; allowed: a number or null");
    bad = good;
    bad["provenance"] = std::string(1000, 'k');
    refuses(bad, "kkk...\"; allowed: an object");
}
