#include <array>
#include <string>

#include "option/suggest.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::option;

TEST_CASE("edit distances, by hand") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "abc") == 0);
    CHECK(edit_distance("latncy", "latency") == 1);
    CHECK(edit_distance("lantecy", "latency") == 2);
    CHECK(edit_distance("ltaency", "latency") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("sitting", "kitten") == 3);
}

TEST_CASE("the nearest key is suggested, where one is near") {
    constexpr std::array<std::string_view, 6> keys{"latency",       "lr",   "lr-decay",
                                                   "train-samples", "data", "batch"};
    CHECK(nearest("latncy", keys) == "latency");
    CHECK(nearest("lat", keys) == "latency");
    CHECK(nearest("train_samples", keys) == "train-samples");
    CHECK(nearest("lrdecay", keys) == "lr-decay");
    CHECK(nearest("dta", keys) == "data");
    CHECK(nearest("lrr", keys) == "lr");
    CHECK(nearest("x", keys).empty());
    CHECK(nearest("momentum", keys).empty());
    CHECK(nearest("", keys).empty());
    CHECK(nearest(std::string(200000, 'l'), keys).empty());
}
