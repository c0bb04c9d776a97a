#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "result/json.hpp"
#include "result/text.hpp"
#include "result/time_range.hpp"
#include "sample.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::result;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

TEST_CASE("the range is over the run itself and those beside it") {
    const auto range = time_range({"platform seeds", {3.45, 3.07, 3.4, 3.44}, {}}, 3.43);
    REQUIRE(range);
    CHECK(range->seeds == 5);
    CHECK(range->over == "5 platform seeds");
    CHECK(range->lower_s == 3.07);
    CHECK(range->median_s == 3.43);
    CHECK(range->upper_s == 3.45);
    CHECK(time_range({"outcomes of ties", {3}, {}}, 2)->median_s == 2.5);
    CHECK_FALSE(time_range({"", {}, {{"speed", {1}, {3}}}}, 2));
}

TEST_CASE("what settings add and what they take is combined in quadrature, each on its side") {
    const TimesBeside beside{
        "", {}, {{"speed", {13}, {8}}, {"latency", {9.5}, {14}}, {"bandwidth", {10}, {10}}}};
    const auto range = calibration_range(beside, 10);
    REQUIRE(range);
    CHECK(range->upper_s == Approx(10 + 5));                // 3 and 4
    CHECK(range->lower_s == Approx(10 - std::sqrt(4.25)));  // 2 and 0.5
    REQUIRE(range->settings.size() == 3);
    CHECK(range->settings[0].key == "speed");
    CHECK(range->settings[0].lower_change_s == 3);
    CHECK(range->settings[0].upper_change_s == -2);
    CHECK(range->settings[1].lower_change_s == -0.5);
    CHECK(range->settings[2].upper_change_s == 0);
    CHECK_FALSE(calibration_range({"platform seeds", {9, 11}, {}}, 10));
}

TEST_CASE("of a setting both of whose ends lie on one side the further one counts, and that alone") {
    const auto slower = calibration_range({"", {}, {{"duplex", {11}, {12}}}}, 10);
    CHECK(slower->upper_s == 12);
    CHECK(slower->lower_s == 10);
    const auto faster = calibration_range({"", {}, {{"duplex", {}, {7}}}}, 10);
    CHECK(faster->settings[0].lower_change_s == 0);
    CHECK(faster->upper_s == 10);
    CHECK(faster->lower_s == 7);
}

TEST_CASE("no time is below 0, however much several settings may take from it") {
    const auto range = calibration_range({"", {}, {{"speed", {}, {1}}, {"bandwidth", {}, {1}}}}, 10);
    CHECK(range->lower_s == 0);
}

TEST_CASE("where chance has a part, medians of as many runs alike are compared") {
    // Without the setting 10, 20 and 12 at first, median 12; of all five runs it is 13.
    const TimesBeside beside{"platform seeds", {20, 12, 14, 13}, {{"speed", {15, 13, 30}, {11, 10, 9}}}};
    const auto range = calibration_range(beside, 10);
    CHECK(range->settings[0].lower_change_s == 3);
    CHECK(range->settings[0].upper_change_s == -2);
    CHECK(range->upper_s == 16);
    CHECK(range->lower_s == 11);
}

TEST_CASE("one program tells another without losing a digit") {
    const TimesBeside told{
        "outcomes of ties", {1.0 / 3, 0.1}, {{"speed", {5e-324}, {0.1, 2}}, {"latency", {}, {1e23}}}};
    const TimesBeside heard = times_beside_from_json(to_json(told));
    CHECK(heard.varied == told.varied);
    CHECK(heard.times_s == told.times_s);
    REQUIRE(heard.settings.size() == 2);
    CHECK(heard.settings[0].key == "speed");
    CHECK(heard.settings[0].lower_s == told.settings[0].lower_s);
    CHECK(heard.settings[0].upper_s == told.settings[0].upper_s);
    CHECK(heard.settings[1].lower_s.empty());
    CHECK(heard.settings[1].upper_s == told.settings[1].upper_s);
}

TEST_CASE("what is not from lockstep is refused in one line") {
    const auto refused = [](const std::string& other) {
        INFO(other.substr(0, 80));
        CHECK_THROWS_AS(times_beside_from_json(other), base::InputError);
        CHECK_THROWS_WITH(times_beside_from_json(other), StartsWith("LOCKSTEP_TIMES_BESIDE: ") &&
                                                             ContainsSubstring("unset it") &&
                                                             !ContainsSubstring("\n"));
    };
    for (const char* other :
         {"", "[]", "{}", R"({"varied": 1, "times_s": [], "settings": []})",
          R"({"varied": "", "times_s": [null], "settings": []})",
          R"({"varied": "", "times_s": [0], "settings": []})",
          R"({"varied": "", "times_s": [-1], "settings": []})",
          R"({"varied": "", "times_s": [1e999], "settings": []})",
          R"({"varied": "", "times_s": "1", "settings": []})", R"({"varied": "", "times_s": []})",
          R"({"varied": "", "times_s": [], "settings": [1]})",
          R"({"varied": "", "times_s": [], "settings": [{"key": "speed", "lower_s": [1]}]})"})
        refused(other);
    refused(to_json({std::string(41, 'x'), {1}, {}}));
    refused(to_json({"platform seeds", std::vector<double>(times_beside_max + 1, 1), {}}));
    refused(to_json({"", {}, {}}) + std::string(64 * 1024, ' '));
    refused(to_json({"", {}, {{std::string(41, 'x'), {1}, {1}}}}));
    refused(to_json({"", {}, {{"speed", {0}, {1}}}}));
    refused(to_json({"", {}, {{"speed", {1}, {1, 2}}}}));  // there is one run without it
    refused(to_json({"", {}, std::vector<TimesAtEnds>(41, {"speed", {1}, {1}})}));
}

TEST_CASE("the most that lockstep tells is taken") {
    const std::vector<double> five(5, 1.2345678901234567e-100);
    const TimesBeside most{"outcomes of ties", std::vector<double>(times_beside_max, five.front()),
                           std::vector<TimesAtEnds>(20, {"loopback-bandwidth", five, five})};
    const TimesBeside heard = times_beside_from_json(to_json(most));
    CHECK(heard.times_s.size() == times_beside_max);
    CHECK(heard.settings.size() == 20);
}

TEST_CASE("a result without a range has no such key, and the text of one with it says where its time lies") {
    Result result = sample_result();
    CHECK_THAT(to_text(result), ContainsSubstring("1.88 s  (1.5 s to 2.25 s, 5 platform seeds)\n") &&
                                    ContainsSubstring("  (1.7 s to 2.1 s, 95 % by the calibration)\n") &&
                                    ContainsSubstring("  this run 2 s; simulated, "));
    CHECK(typical_time_s(result) == 1.875);
    result.time_range.reset();
    CHECK(ranges_of_time(result) == std::vector<std::string>{"(1.7 s to 2.1 s, 95 % by the calibration)"});
    CHECK_THAT(source_of_time(result), StartsWith("simulated, calibrated on "));
    CHECK(typical_time_s(result) == 2);
    result.calibration_range.reset();
    const std::string text = to_json(result);
    for (const char* key : {"time_range", "calibration_range"})
        CHECK_FALSE(nlohmann::json::parse(text).contains(key));
    CHECK_FALSE(from_json(text, "x").time_range);
    CHECK_FALSE(from_json(text, "x").calibration_range);
    CHECK_THAT(to_text(result), !ContainsSubstring("this run") && !ContainsSubstring("platform seeds") &&
                                    !ContainsSubstring("95 %"));
}

TEST_CASE("what a range of a calibration must have to be read") {
    nlohmann::ordered_json bad = nlohmann::ordered_json::parse(to_json(sample_result()));
    CHECK(from_json(bad.dump(), "x").calibration_range->settings.size() == 2);
    bad["calibration_range"]["settings"][1].erase("key");
    CHECK_THROWS_WITH(from_json(bad.dump(), "x"), ContainsSubstring("settings[1].key is missing"));
    bad["calibration_range"].erase("settings");
    CHECK_THROWS_WITH(from_json(bad.dump(), "x"), ContainsSubstring("settings is missing"));
}

TEST_CASE("no line is longer than 80 columns for what it says of the time") {
    Result result = sample_result();
    result.time_range = {1000, "1000 outcomes of ties", 0.0015, 0.0019, 0.0022};
    result.calibration_range = {0.1004, 0.9996, {}};
    result.summary.outcome = Outcome::interrupted;
    result.config.buckets = 4;
    std::istringstream lines(to_text(result));
    std::size_t about_time = 0;
    bool is_time = false;
    for (std::string line; std::getline(lines, line);) {
        is_time = line.starts_with("time  ") || (is_time && line.starts_with("      "));
        if (!is_time) continue;
        ++about_time;
        CHECK(line.size() <= 80);
    }
    CHECK(about_time == 4);
}
