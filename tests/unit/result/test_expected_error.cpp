#include <cmath>
#include <sstream>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "result/expected_error.hpp"
#include "result/json.hpp"
#include "result/text.hpp"
#include "sample.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;
using namespace lockstep::result;
using Catch::Matchers::ContainsSubstring;

namespace {

ExpectedError unknown(std::string why) {
    ExpectedError error;
    error.why_unknown = std::move(why);
    return error;
}

}  // namespace

TEST_CASE("what is known says of how many cases, what is not known says why") {
    const ExpectedError known{"by timing", 21, 1.2, 6.2, 30.5, ""};
    CHECK(bound_of(known) == "6.2 %");
    CHECK(basis_of(known) == "or less in 9 of 10 of 21 validated cases: by timing");
    CHECK(bound_of(unknown("for a reason")) == "unknown");
    CHECK(basis_of(unknown("for a reason")) == "for a reason");
}

TEST_CASE("an expected error is written and read back, and there is no such key without one") {
    Result result = sample_result();
    const Result again = from_json(to_json(result), "x");
    REQUIRE(again.expected_error);
    CHECK(again.expected_error->like == "by timing, emulated processors");
    CHECK(again.expected_error->cases == 25);
    CHECK(again.expected_error->nine_in_ten_percent == 6.25);
    result.expected_error = unknown("no case is like it");
    const auto json = nlohmann::json::parse(to_json(result))["expected_error"];
    CHECK(json["nine_in_ten_percent"].is_null());
    CHECK(std::isnan(from_json(to_json(result), "x").expected_error->worst_percent));
    CHECK_THAT(to_text(result), ContainsSubstring("\n  expected error ") &&
                                    ContainsSubstring(" unknown  no case is like it\n"));
    result.expected_error.reset();
    CHECK_FALSE(nlohmann::json::parse(to_json(result)).contains("expected_error"));
    CHECK_FALSE(from_json(to_json(result), "x").expected_error);
    CHECK_THAT(to_text(result), !ContainsSubstring("expected error"));
}

TEST_CASE("no line is longer than 80 columns for what it says of the expected error") {
    Result result = sample_result();
    result.summary.outcome = Outcome::interrupted;
    result.summary.bytes = 1100;
    result.config.method = scenario::Method("allreduce");
    result.config.buckets = 4;
    result.expected_error = {"fixed order, links of 200 Mbit/s to 1 Gbit/s, emulated processors",
                             1000,
                             11.25,
                             111.25,
                             1111.25,
                             ""};
    std::istringstream lines(to_text(result));
    std::size_t about_error = 0;
    bool is_error = false;
    for (std::string line; std::getline(lines, line);) {
        is_error = line.starts_with("  expected error") || (is_error && line.starts_with("      "));
        if (!is_error) continue;
        ++about_error;
        CHECK(line.size() <= 80);
    }
    CHECK(about_error == 3);
}
