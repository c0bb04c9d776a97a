#include <sstream>
#include <string>

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
    const TimeRange range = time_range({"platform seeds", {3.45, 3.07, 3.4, 3.44}, {}}, 3.43);
    CHECK(range.seeds == 5);
    CHECK(range.over == "5 platform seeds");
    CHECK(range.lower_s == 3.07);
    CHECK(range.median_s == 3.43);
    CHECK(range.upper_s == 3.45);
    CHECK(time_range({"outcomes of ties", {3}, {}}, 2).median_s == 2.5);
}

TEST_CASE("the ends of a calibration widen the range, and do not move the median") {
    const TimeRange both = time_range({"platform seeds", {4, 2}, {9, 1}}, 3);
    CHECK(both.over == "3 platform seeds and the calibration's uncertainty");
    CHECK(both.lower_s == 1);
    CHECK(both.median_s == 3);
    CHECK(both.upper_s == 9);
    const TimeRange alone = time_range({"", {}, {2.5, 3.5}}, 3);
    CHECK(alone.seeds == 1);
    CHECK(alone.over == "the calibration's uncertainty");
    CHECK(alone.lower_s == 2.5);
}

TEST_CASE("one program tells another without losing a digit") {
    const TimesBeside told{"outcomes of ties", {1.0 / 3, 0.1}, {5e-324}};
    const TimesBeside heard = times_beside_from_json(to_json(told));
    CHECK(heard.varied == told.varied);
    CHECK(heard.times_s == told.times_s);
    CHECK(heard.ends_s == told.ends_s);
}

TEST_CASE("what is not from lockstep is refused in one line") {
    const auto refused = [](const std::string& other) {
        INFO(other.substr(0, 80));
        CHECK_THROWS_AS(times_beside_from_json(other), base::InputError);
        CHECK_THROWS_WITH(times_beside_from_json(other), StartsWith("LOCKSTEP_TIMES_BESIDE: ") &&
                                                             ContainsSubstring("unset it") &&
                                                             !ContainsSubstring("\n"));
    };
    for (const char* other : {"", "[]", "{}", R"({"varied": 1, "times_s": [], "ends_s": []})",
                              R"({"varied": "", "times_s": [null], "ends_s": []})",
                              R"({"varied": "", "times_s": [0], "ends_s": []})",
                              R"({"varied": "", "times_s": [-1], "ends_s": []})",
                              R"({"varied": "", "times_s": [], "ends_s": [1e999]})",
                              R"({"varied": "", "times_s": [], "ends_s": [1, 2, 3]})",
                              R"({"varied": "", "times_s": "1", "ends_s": []})"})
        refused(other);
    refused(to_json({std::string(41, 'x'), {1}, {}}));
    refused(to_json({"platform seeds", std::vector<double>(times_beside_max + 1, 1), {}}));
    refused(to_json({"", {}, {}}) + std::string(64 * 1024, ' '));
}

TEST_CASE("the most that lockstep tells is taken") {
    const TimesBeside most{
        "outcomes of ties", std::vector<double>(times_beside_max, 1.2345678901234567e-100), {1, 2}};
    CHECK(times_beside_from_json(to_json(most)).times_s.size() == times_beside_max);
}

TEST_CASE("a result without a range has no such key, and the text of one with it says where its time lies") {
    Result result = sample_result();
    CHECK_THAT(to_text(result), ContainsSubstring("1.88 s  (1.5 s to 2.25 s, 5 platform seeds)\n") &&
                                    ContainsSubstring("  this run 2 s; simulated, "));
    CHECK(typical_time_s(result) == 1.875);
    result.time_range = {1, "the calibration's uncertainty", 1.5, 2, 2.25};
    CHECK(range_of_time(result) == "(1.5 s to 2.25 s, the calibration's uncertainty)");
    CHECK_THAT(source_of_time(result), StartsWith("simulated, calibrated on "));
    result.time_range.reset();
    const std::string text = to_json(result);
    CHECK_FALSE(nlohmann::json::parse(text).contains("time_range"));
    CHECK_FALSE(from_json(text, "x").time_range);
    CHECK_THAT(to_text(result), !ContainsSubstring("this run") && !ContainsSubstring("platform seeds"));
    CHECK(typical_time_s(result) == 2);
}

TEST_CASE("no line is longer than 80 columns for what it says of the time") {
    Result result = sample_result();
    result.time_range = {1000, "1000 platform seeds and the calibration's uncertainty", 1.5, 1.875, 2.25};
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
