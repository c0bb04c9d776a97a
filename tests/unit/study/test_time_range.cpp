#include <iterator>
#include <string>
#include <vector>

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
            "model": {"hidden": "none"}, "settings": {"speed": "4Gf", "latency": "20us", "bandwidth": "1Gbps", "eager-limit": "4KiB",
                         "receive-bandwidth": "none"},
            "warnings": [], "worker_speeds_flops": [)" + speeds + "]" +
                                                                 intervals + "}"));
    }
    std::string path() const { return (temporary_.path() / "c.json").string(); }
    Config config(Words words = {}) const {
        words.insert(words.end(), {"--platform", path()});
        return config_of(words);
    }

  private:
    TemporaryFolder temporary_;
};

constexpr const char* intervals =
    R"(, "intervals": {"speed": ["3Gf", "5Gf"], "latency": ["10us", "40us"], "bandwidth": ["0.9Gbps", "1.1Gbps"],
       "eager-limit": ["1KiB", "8KiB"], "unheard-of": ["1", "2"]})";

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

TEST_CASE("an uncertain calibration has a slow and a fast end") {
    const Calibration calibration(intervals);
    const Config config = calibration.config();
    const auto ends = calibration_ends(config);
    REQUIRE(ends.size() == 2);
    CHECK(ends[0].speed_flops == 3e9);
    CHECK(ends[0].latency_s == 40e-6);
    CHECK(ends[0].bandwidth_Bps == 0.9e9 / 8);
    CHECK(ends[1].speed_flops == 5e9);
    CHECK(ends[1].latency_s == 10e-6);
    CHECK(ends[1].bandwidth_Bps == 1.1e9 / 8);
    for (const Config& end : ends) CHECK(end.eager_limit_B == config.eager_limit_B);
}

TEST_CASE("what was given another value since has no uncertainty of the calibration's") {
    const Calibration calibration(intervals);
    const auto ends = calibration_ends(calibration.config({"--latency", "1ms"}));
    REQUIRE(ends.size() == 2);
    for (const Config& end : ends) CHECK(end.latency_s == 1e-3);
    CHECK(ends[0].speed_flops == 3e9);
}

TEST_CASE("what a calibration has not set stays so, whatever interval it gives") {
    const Calibration calibration(
        R"(, "intervals": {"speed": ["3Gf", "5Gf"], "receive-bandwidth": ["1.8e21Bps", "1.8e23Bps"]})");
    for (const Config& end :
         calibration_ends(calibration.config({"--method", "by-arrival", "--workers", "2"})))
        CHECK_FALSE(end.receive_bandwidth_Bps.has_value());
}

TEST_CASE("workers that differ in speed keep their ratios") {
    const Calibration calibration(intervals, "4e9, 2e9");
    const auto ends = calibration_ends(calibration.config({"--method", "by-arrival", "--workers", "2"}));
    REQUIRE(ends.size() == 2);
    CHECK(ends[0].speeds_flops == std::vector<double>{3e9, 1.5e9});
    CHECK(ends[1].speeds_flops == std::vector<double>{5e9, 2.5e9});
}

TEST_CASE("without a calibration, or one that knows no intervals, there are no ends") {
    CHECK(calibration_ends(Config{}).empty());
    CHECK(calibration_ends(Calibration("").config()).empty());
    CHECK(calibration_ends(Calibration(R"(, "intervals": {})").config()).empty());
    CHECK(calibration_ends(Calibration(R"(, "intervals": {"speed": ["4Gf", "4Gf"]})").config()).empty());
}

}  // namespace test_time_range
