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
    for (const char* other : {"", "[]", "{}", R"({"varied": 1, "times_s": [], "ends_s": []})"}) {
        CHECK_THROWS_AS(times_beside_from_json(other), base::InputError);
        CHECK_THROWS_WITH(times_beside_from_json(other), StartsWith("LOCKSTEP_TIMES_BESIDE: "));
    }
}

TEST_CASE("a result without a range has no such key, and the text of one with it says where its time lies") {
    Result result = sample_result();
    CHECK_THAT(to_text(result), ContainsSubstring("1.5 s to 2.25 s over 5 platform seeds; simulated, "));
    result.time_range.reset();
    const std::string text = to_json(result);
    CHECK_FALSE(nlohmann::json::parse(text).contains("time_range"));
    CHECK_FALSE(from_json(text, "x").time_range);
    CHECK_THAT(to_text(result), !ContainsSubstring(" over "));
}
