#include <initializer_list>
#include <iterator>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/parse.hpp"
#include "study/alike_runs.hpp"
#include "study/launch/temporary_folder.hpp"
#include "study/time_range/calibration_ends.hpp"
#include "tests/support/catch.hpp"

namespace test_time_range {

using namespace lockstep;
using namespace lockstep::study;
using scenario::Config;
using Words = std::vector<std::string>;

namespace {

Config config_of(const Words& words) {
    return scenario::parse(words).config;
}

/// A calibration of softmax regression, in a folder of its own.
class Calibration {
  public:
    explicit Calibration(const std::string& intervals, const std::string& speeds = "") {
        base::write_file_atomically(path(),
                                    scenario::sealed_calibration(R"({"format": "lockstep calibration 1",
            "name": "c", "host": "h", "measured_utc": "2026-01-01T00:00:00Z", "emulate_speed": "none",
            "model": {"hidden": "none"}, "settings": {"speed": "4Gf", "latency": "20us", "bandwidth": "1Gbps", "latency-factor": "0:1;1024:3", "eager-limit": "4KiB",
                         "duplex": "1.8", "code-speed": "2Gf", "loopback-latency": "500ns", "receive-bandwidth": "none"},
            "warnings": [], "worker_speeds_flops": [)" + speeds + "]" +
                                                                 intervals + "}"));
    }
    std::string path() const { return (temporary_.path() / "c.json").string(); }
    std::vector<SettingEnds> ends(Words words = {}) const {
        words.insert(words.end(), {"--platform", path()});
        return calibration_ends(scenario::parse(words));
    }

  private:
    TemporaryFolder temporary_;
};

constexpr const char* intervals =
    R"(, "intervals": {"speed": ["3Gf", "5Gf"], "latency": ["10us", "40us"], "bandwidth": ["0.9Gbps", "1.1Gbps"],
       "duplex": ["1.5", "2"], "code-speed": ["1Gf", "3Gf"], "loopback-latency": ["0s", "1us"],
       "eager-limit": ["1KiB", "8KiB"], "unheard-of": ["1", "2"]})";

/// A run of two workers.
Words two(std::initializer_list<const char*> more = {}) {
    Words words{"--method", "sync-average", "--workers", "2"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

Words keys_of(const std::vector<SettingEnds>& settings) {
    Words keys;
    for (const SettingEnds& setting : settings) keys.push_back(setting.key);
    return keys;
}

}  // namespace

TEST_CASE("chance has a part where timing decides and no order is given") {
    CHECK(chance_of(config_of({"--method", "in-turn", "--workers", "3"})) == Chance::none);
    CHECK(chance_of(config_of({"--method", "sync-average", "--workers", "3", "--variability",
                               "uniform:0.1"})) == Chance::none);
    const Words words{"--method", "by-arrival", "--workers", "3"};
    CHECK(chance_of(config_of(words)) == Chance::ties);
    Words drawn = words;
    drawn.insert(drawn.end(), {"--variability", "uniform:0.1"});
    CHECK(chance_of(config_of(drawn)) == Chance::draws);
    Config replayed = config_of(words);
    replayed.replay = "order.json";
    CHECK(chance_of(replayed) == Chance::none);
}

TEST_CASE("runs alike but for chance are the run itself, then others") {
    Config config = config_of({"--method", "by-arrival", "--workers", "2", "--seed", "7"});
    CHECK(alike(config, Chance::draws, 0) == config);
    CHECK(alike(config, Chance::draws, 3).platform_seed == 10);
    config.platform_seed = 20;
    CHECK(alike(config, Chance::draws, 1).platform_seed == 21);
    CHECK(alike(config, Chance::ties, 0) == config);
    const double factors[]{1.0001, 1.0001, 1.0002, 1.0002, 1.0003, 1.0003, 1.0004, 1.0004};
    for (std::size_t number = 1; number <= std::size(factors); ++number) {
        Config other = alike(config, Chance::ties, number);
        REQUIRE(other.stragglers.size() == 1);
        CHECK(other.stragglers.front().worker == (number - 1) % 2);
        CHECK(other.stragglers.front().factor == Approx(factors[number - 1]).epsilon(1e-9));
        other.stragglers.clear();
        CHECK(other == config);
    }
    CHECK(alike(config, Chance::none, 4) == config);
}

TEST_CASE("every setting with an interval goes to either end of it, by itself") {
    const Calibration calibration(intervals);
    const Config usual = config_of(two({"--platform", calibration.path().c_str()}));
    const auto ends = calibration.ends(two());
    REQUIRE(keys_of(ends) == Words{"speed", "latency", "bandwidth", "duplex"});
    CHECK(ends[0].lower.value().speed_flops == 3e9);
    CHECK(ends[0].upper.value().speed_flops == 5e9);
    CHECK(ends[1].lower.value().latency_s == 10e-6);
    CHECK(ends[1].upper.value().latency_s == 40e-6);
    CHECK(ends[2].lower.value().bandwidth_Bps == 0.9e9 / 8);
    CHECK(ends[3].lower.value().duplex == 1.5);
    for (const SettingEnds& setting : ends)
        for (const auto& end : {setting.lower, setting.upper}) {
            Config rest = end.value();
            CHECK(rest != usual);
            rest.speed_flops = usual.speed_flops;
            rest.latency_s = usual.latency_s;
            rest.latency_factor = usual.latency_factor;
            rest.bandwidth_Bps = usual.bandwidth_Bps;
            rest.duplex = usual.duplex;
            CHECK(rest == usual);
        }
}

/// 60 us from 1 KiB on, where the smallest take 20 us.
TEST_CASE("a latency moves those of all sizes by as much, unless their factors are given") {
    const Calibration calibration(intervals);
    const auto latency = calibration.ends(two()).at(1);
    CHECK(latency.lower.value().latency_factor == "0:1;1024:5");  // 10 and 50 us
    CHECK(latency.upper.value().latency_factor == "0:1;1024:2");  // 40 and 80 us
    const auto given = calibration.ends(two({"--latency-factor", "0:1;1024:3"})).at(1);
    CHECK(given.upper.value().latency_factor == "0:1;1024:3");
}

TEST_CASE("what the run was given has no uncertainty of the calibration's, be it the same value") {
    const Calibration calibration(intervals);
    const auto ends = calibration.ends(two({"--latency", "1ms", "--bandwidth", "1Gbps"}));
    CHECK(keys_of(ends) == Words{"speed", "duplex"});
    CHECK(ends.front().lower.value().latency_s == 1e-3);
}

TEST_CASE("what has no part in a run is left as it is") {
    const Calibration calibration(intervals);
    CHECK(keys_of(calibration.ends()) == Words{"speed"});  // serial: no messages
    const auto coded = calibration.ends({"--method", "allreduce", "--workers", "2", "--compression", "qsgd"});
    CHECK(keys_of(coded) == Words{"speed", "latency", "bandwidth", "duplex", "code-speed"});
    CHECK(keys_of(calibration.ends(two({"--workers-per-host", "2"}))).back() == "loopback-latency");
}

TEST_CASE("what a calibration has not set stays so, whatever interval it gives") {
    const Calibration calibration(
        R"(, "intervals": {"speed": ["3Gf", "5Gf"], "receive-bandwidth": ["1.8e21Bps", "1.8e23Bps"]})");
    CHECK(keys_of(calibration.ends(two())) == Words{"speed"});
}

TEST_CASE("an end that is the value itself is no other run") {
    const auto ends = Calibration(R"(, "intervals": {"speed": ["4Gf", "5Gf"]})").ends();
    REQUIRE(ends.size() == 1);
    CHECK_FALSE(ends[0].lower);
    CHECK(ends[0].upper.value().speed_flops == 5e9);
}

TEST_CASE("an end that is none of the option's values is refused by its place") {
    const Calibration calibration(R"(, "intervals": {"speed": ["3Gf", "fast"]})");
    CHECK_THROWS_AS(calibration.ends(), base::InputError);
    CHECK_THROWS_WITH(calibration.ends(),
                      Catch::Matchers::ContainsSubstring("c.json: intervals: speed: given 'fast'"));
}

TEST_CASE("workers that differ in speed keep their ratios") {
    const Calibration calibration(intervals, "4e9, 2e9");
    const auto ends = calibration.ends(two());
    REQUIRE(ends.front().key == "speed");
    CHECK(ends[0].lower.value().speeds_flops == std::vector<double>{3e9, 1.5e9});
    CHECK(ends[0].upper.value().speeds_flops == std::vector<double>{5e9, 2.5e9});
    const auto given = calibration.ends(two({"--speeds", "1Gf,2Gf"}));
    CHECK(given[0].lower.value().speeds_flops == std::vector<double>{1e9, 2e9});
}

TEST_CASE("without a calibration, or one that knows no intervals, there are no ends") {
    CHECK(calibration_ends(scenario::parse(two({"--speed", "4Gf"}))).empty());
    CHECK(Calibration("").ends().empty());
    CHECK(Calibration(R"(, "intervals": {})").ends().empty());
    CHECK(Calibration(R"(, "intervals": {"speed": ["4Gf", "4Gf"]})").ends().empty());
}

}  // namespace test_time_range
