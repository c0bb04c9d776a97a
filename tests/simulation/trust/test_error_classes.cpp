// The summary of validated cases that the program holds, and how it is read.
#include <stdexcept>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "sim/trust/error_classes.hpp"
#include "tests/support/catch.hpp"

namespace test_error_classes {

using namespace lockstep;

namespace {

const std::string heading =
    "kind,processors,link,from_bps,until_bps,least_workers,most_workers,least_bytes,most_bytes,methods,cases,"
    "median_percent,nine_in_ten_percent,worst_percent,held_out,held_out_median_percent,"
    "held_out_nine_in_ten_percent,held_out_worst_percent\n";

}  // namespace

TEST_CASE("the program holds docs/data/error-classes.csv") {
    const std::string file =
        base::read_file(std::string(PLATFORMS_FOLDER) + "/../docs/data/error-classes.csv");
    CHECK(sim::error_classes_csv() == file);
    const auto classes = sim::read_error_classes(sim::error_classes_csv());
    REQUIRE_FALSE(classes.empty());
    const sim::ErrorClass* before = nullptr;
    for (const sim::ErrorClass& row : classes) {
        INFO(row.conditions.kind << " " << row.conditions.processors << " " << row.conditions.link);
        CHECK(row.cases > 0);
        CHECK_FALSE(row.methods.empty());
        CHECK(row.median_percent <= row.nine_in_ten_percent);
        CHECK(row.nine_in_ten_percent <= row.worst_percent);
        CHECK(row.least_workers <= row.most_workers);
        CHECK(row.least_bytes <= row.most_bytes);
        CHECK((row.from_bps > 0) == (row.conditions.link == "network"));
        CHECK(row.from_bps <= row.until_bps);
        if (before != nullptr && before->conditions == row.conditions)
            CHECK(before->until_bps <= row.from_bps);
        before = &row;
    }
}

TEST_CASE("a row is read cell by cell") {
    const auto classes = sim::read_error_classes(
        heading +
        "fixed order,emulated,network,70000000,2e8,2,4,95440,1628200,allreduce;allreduce with fp16,40,1.5,"
        "6.2,30.1,20,1.4,6,25\n"
        "by timing,cores,one machine,,,1,2,31400,31400,by-arrival,3,0.1,0.2,0.3,1,,,\n");
    REQUIRE(classes.size() == 2);
    const sim::ErrorClass& first = classes.front();
    CHECK(first.conditions == sim::Conditions{"fixed order", "emulated", "network"});
    CHECK(first.from_bps == 70e6);
    CHECK(first.until_bps == 200e6);
    CHECK(first.least_workers == 2);
    CHECK(first.most_workers == 4);
    CHECK(first.least_bytes == 95440);
    CHECK(first.most_bytes == 1628200);
    CHECK(first.methods == std::vector<std::string>{"allreduce", "allreduce with fp16"});
    CHECK(first.cases == 40);
    CHECK(first.median_percent == 1.5);
    CHECK(first.nine_in_ten_percent == 6.2);
    CHECK(first.worst_percent == 30.1);
    CHECK(classes.back().from_bps == 0);
    CHECK(classes.back().conditions.link == "one machine");
}

TEST_CASE("another table is refused") {
    CHECK_THROWS_AS(sim::read_error_classes("kind,cases\nby timing,3\n"), std::invalid_argument);
    CHECK_THROWS_AS(sim::read_error_classes(heading + "by timing,cores\n"), std::out_of_range);
}

}  // namespace test_error_classes
