#include <stdexcept>
#include <string>

#include "base/json.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::base;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;

namespace {

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

std::string with_keys(std::size_t count) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    return text + "}";
}

}  // namespace

TEST_CASE("what is no JSON is refused without a word of it") {
    CHECK(parse_json(R"({"a": [1, "b"]})")["a"][1] == "b");
    CHECK_THROWS_WITH(parse_json(""), Equals("it is empty"));
    CHECK_THROWS_WITH(parse_json("{\"a\": secret}"), Equals("no JSON from byte 7 on"));
    CHECK_THROWS_WITH(parse_json("[1e999]"), Equals("a number in it is too large"));
}

TEST_CASE("what is nested too deep is never built") {
    CHECK(parse_json(nested(most_nested)).is_array());
    CHECK_THROWS_AS(parse_json(nested(most_nested + 1)), std::invalid_argument);
    CHECK_THROWS_WITH(parse_json(std::string(1000000, '[')), ContainsSubstring("more than 64 deep"));
    std::string objects;
    for (int i = 0; i < 200000; ++i) objects += "{\"a\":";
    CHECK_THROWS_WITH(parse_json(objects), ContainsSubstring("more than 64 deep"));
}

TEST_CASE("keys are counted for each object on its own") {
    const std::string object = with_keys(1000);
    std::string objects = "[" + object;
    for (int i = 0; i < 70; ++i) objects += "," + object;
    CHECK(parse_json(objects + "]").size() == 71);
    CHECK_THROWS_WITH(parse_json("{\"a\":" + with_keys(33000) + "}"),
                      Equals("its objects have too many keys, or too long ones"));
}

TEST_CASE("long keys count as many short ones, since all their bytes are compared") {
    std::string few = "{";
    for (int i = 0; i < 100; ++i) few += '"' + std::string(8000, 'k') + std::to_string(i) + "\":0,";
    CHECK(parse_json(few + "\"\":0}").size() == 101);
    std::string many = "{";
    for (int i = 0; i < 4000; ++i) many += '"' + std::string(8000, 'k') + std::to_string(i) + "\":0,";
    CHECK_THROWS_WITH(parse_json(many + "\"\":0}"), ContainsSubstring("too long ones"));
}

TEST_CASE("values are described in a few words") {
    CHECK(described(parse_json("[1, 2]")) == "a list");
    CHECK(described(parse_json("{\"a\": 1}")) == "an object");
    CHECK(described(parse_json("-1.5")) == "-1.5");
    CHECK(described("text") == "\"text\"");
    CHECK(described(std::string(1000, 'k')) == '"' + std::string(120, 'k') + "...\"");
}
