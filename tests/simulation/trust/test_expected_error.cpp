// Which validated cases a run is like, and what it is told where it is like none.
#include <string>
#include <vector>

#include "run/problem.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/config.hpp"
#include "scenario/options/options.hpp"
#include "sim/trust/error_classes.hpp"
#include "sim/trust/expected_error.hpp"
#include "tests/support/catch.hpp"

namespace test_expected_error {

using namespace lockstep;
using Catch::Matchers::ContainsSubstring;
using scenario::Config;

namespace {

constexpr double model_bytes = 95440;  // 784-30-10: 23860 values

/// Two rates of a network by timing, the same without a limit, and one with too few cases.
std::vector<sim::ErrorClass> classes() {
    const sim::Conditions network{"by timing", "emulated", "network"};
    const std::vector<std::string> both{"by-arrival", "softsync"};
    return {
        {network, 40e6, 200e6, 2, 8, model_bytes, model_bytes, both, 25, 2.5, 6.2, 12},
        {network, 200e6, 1e9, 2, 8, model_bytes, model_bytes, {"by-arrival"}, 26, 1.5, 4, 9},
        {{"by timing", "emulated", "unlimited"}, 0, 0, 2, 8, model_bytes, model_bytes, both, 13, 3, 20, 30},
        {{"fixed order", "emulated", "network"},
         70e6,
         600e6,
         2,
         4,
         model_bytes,
         model_bytes,
         both,
         9,
         1,
         2,
         3}};
}

sim::Likeness run_at(double bandwidth_bps) {
    return {{"by timing", "emulated", "network"}, bandwidth_bps, 4, model_bytes, "by-arrival"};
}

std::string why(const sim::Likeness& run) {
    const result::ExpectedError error = sim::expected_error(classes(), run);
    CHECK(error.cases == 0);
    CHECK(error.like.empty());
    return error.why_unknown;
}

/// A calibration of 784-30-10 on emulated processors of several hosts, and a run on it as it is.
struct Calibrated {
    scenario::CalibrationFile file;
    Config config;

    Calibrated() {
        config.method = scenario::Method("by-arrival");
        config.workers = 4;
        config.hidden = {30};
        config.batch = 10;
        config.train_samples = 20000;
        config.test_samples = 100;
        config.numerics = scenario::Numerics::none;
        config.platform = "c.json";
        file.world = "real";
        file.emulate_speed = "125Mf";
        file.model = scenario::model_of(config);
        file.settings = {{"speed", "124800kf"}, {"latency", "20us"}, {"bandwidth", "100Mbps"}};
        file.messages = {model_bytes, {model_bytes}, {"remote"}};
        for (const auto& [key, value] : file.settings)
            scenario::find_option(key)->kind.set(config, key, value);
    }

    run::Problem problem() const { return run::read_problem(config); }
    std::string why() const { return sim::expected_error(&file, config, problem()).why_unknown; }
    sim::Likeness likeness() const { return sim::likeness_of(file, config, problem()); }
};

}  // namespace

TEST_CASE("a run is held to be like the cases of its conditions and rate") {
    const result::ExpectedError slow = sim::expected_error(classes(), run_at(150e6));
    CHECK(slow.cases == 25);
    CHECK(slow.median_percent == 2.5);
    CHECK(slow.nine_in_ten_percent == 6.2);
    CHECK(slow.worst_percent == 12);
    CHECK(slow.like == "by timing, links of 40 Mbit/s to 200 Mbit/s, emulated processors");
    CHECK(slow.why_unknown.empty());
    CHECK(sim::expected_error(classes(), run_at(200e6)).cases == 26);
    CHECK(sim::expected_error(classes(), run_at(1e9)).cases == 26);
    CHECK(sim::expected_error(classes(), run_at(38.3e6)).cases == 25);  // what messages get of 40 Mbit/s
}

TEST_CASE("rates beyond those of all cases are told, not taken for the nearest") {
    CHECK(why(run_at(9.4e9)) == "its links have 9.4 Gbit/s; validated: 40 Mbit/s to 1 Gbit/s");
    CHECK_THAT(why(run_at(30e6)), ContainsSubstring("its links have 30 Mbit/s"));
}

TEST_CASE("other methods, numbers of workers and sizes are told") {
    sim::Likeness run = run_at(300e6);
    run.method = "softsync";
    CHECK_THAT(why(run), ContainsSubstring("no softsync was validated: by timing, links of 200 Mbit/s"));
    run = run_at(300e6);
    run.workers = 16;
    CHECK(why(run) == "it has 16 workers; validated: 2 to 8");
    run = run_at(300e6);
    run.model_bytes = 4 * model_bytes;
    CHECK(sim::expected_error(classes(), run).cases == 26);
    run.model_bytes = 4 * model_bytes + 4;
    CHECK_THAT(why(run), ContainsSubstring("its model has 372.8 KiB; validated: 93.20 KiB"));
    run.model_bytes = model_bytes / 4 - 4;
    CHECK_THAT(why(run), ContainsSubstring("its model has"));
}

TEST_CASE("nothing is said of nine in ten where there are fewer than ten") {
    sim::Likeness run = run_at(100e6);
    run.conditions.kind = "fixed order";
    CHECK_THAT(why(run), ContainsSubstring("only 9 validated cases are like it: fixed order"));
}

TEST_CASE("other conditions have no cases") {
    sim::Likeness run = run_at(100e6);
    run.conditions.link = "one machine";
    CHECK(why(run) ==
          "no validated case is like it: by timing, messages within one machine, emulated processors");
    run = run_at(100e6);
    run.conditions.processors = "cores";
    CHECK(why(run) == "no validated case is like it: by timing, links between hosts, cores as they are");
}

TEST_CASE("a scenario and its calibration tell what a run is like") {
    Calibrated run;
    CHECK(run.likeness().conditions == sim::Conditions{"by timing", "emulated", "network"});
    CHECK(run.likeness().bandwidth_bps == Approx(100e6));
    CHECK(run.likeness().workers == 4);
    CHECK(run.likeness().model_bytes == model_bytes);
    CHECK(run.likeness().method == "by-arrival");
    run.file.emulate_speed = "none";
    CHECK(run.likeness().conditions.processors == "cores");
    run.file.messages.kinds = {"local"};
    CHECK(run.likeness().conditions.link == "one machine");
    run.file.messages.kinds = {"local", "remote"};
    CHECK(run.likeness().conditions.link == "several ranks a host");
    run.config.servers = 2;
    CHECK(run.likeness().method == "by-arrival on several servers");
    run.config.workers = 1;  // and its server: nobody else comes
    CHECK(run.likeness().conditions.kind == "fixed order");
    run.config.method = scenario::Method("serial");
    CHECK(run.likeness().conditions.link == "none");
}

TEST_CASE("what makes other messages is another method") {
    Calibrated run;
    run.config.method = scenario::Method("allreduce");
    CHECK(run.likeness().conditions.kind == "fixed order");
    CHECK(run.likeness().method == "allreduce");
    run.config.compression = "fp16";
    CHECK(run.likeness().method == "allreduce with fp16");
    run.config.compression = "none";
    run.config.buckets = 4;
    CHECK(run.likeness().method == "allreduce in buckets");
    run.config.buckets = 0;
    run.config.collective = "library";
    CHECK(run.likeness().conditions.kind == "library collective");
}

TEST_CASE("what is not a calibration of this run as it is has no cases whatever") {
    Calibrated run;
    const auto problem = run.problem();
    CHECK(sim::expected_error(nullptr, run.config, problem).why_unknown ==
          "times are those of the platform as described; calibrate to get one");
    SECTION("another world") {
        run.file.world = "simulated";
        CHECK(run.why() == "its calibration was not measured on a real machine");
    }
    SECTION("a table") {
        run.file.world.clear();
        CHECK(run.why() == "its calibration was fitted to a table of runs");
    }
    SECTION("a network alone") {
        run.file.model.clear();
        CHECK(run.why() == "its calibration is of a network alone");
    }
    SECTION("steps alone") {
        run.file.messages = {};
        CHECK(run.why() == "its calibration is of steps alone");
    }
    SECTION("other messages") {
        run.file.messages.run_bytes = {1000};
        CHECK(run.why() == "its messages have a size that its calibration does not know");
    }
    SECTION("other updates") {  // than the server's delta
        run.file.settings.emplace_back("update-speed", "2Gf");
        run.config.update_speed_flops = 2e9;
        run.file.updates = "momentum, mean";
        CHECK(run.why() == "its updates are not those that were calibrated");
        run.file.updates = "delta";
        CHECK_THAT(run.why(), !ContainsSubstring("updates"));
    }
    SECTION("a changed platform") {
        run.config.latency_s = 1e-3;
        run.config.stragglers = {{1, 4}};
        CHECK_THAT(run.why(), ContainsSubstring("changed since it was calibrated: ") &&
                                  ContainsSubstring("latency") && ContainsSubstring("straggler"));
    }
    SECTION("a phantom") {
        run.config.model = "resnet-50";
        CHECK(run.why() == "no model known by its size alone was ever validated");
    }
}

TEST_CASE("what changes no time is no change, nor are speeds that emulated processors keep") {
    Calibrated run;
    run.config.busy_power_W = 100;
    run.config.memory_B = 1e9;
    run.config.speed_multiples = {1, 0.5, 1, 1};
    CHECK_THAT(run.why(), !ContainsSubstring("changed"));
    run.file.emulate_speed = "none";
    CHECK(run.why() == "changed since it was calibrated: speeds");
}

}  // namespace test_expected_error
