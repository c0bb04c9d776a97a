#include "base/error.hpp"
#include "scenario/ini.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::scenario;
using Catch::Matchers::ContainsSubstring;
using lockstep::base::InputError;

TEST_CASE("keys, values, comments and blanks") {
    const auto entries = read_ini("x.ini",
                                  "# first\n"
                                  "\n"
                                  "  batch=100\r\n"
                                  "lr =\t0.5   ; half\n"
                                  "hidden =\n"
                                  "; last\n"
                                  "data = mnist:/a#b;c/d e # the folder\n"
                                  "out = a=b");
    REQUIRE(entries.size() == 5);
    const auto is = [&](std::size_t i, const char* key, const char* value, std::size_t line) {
        return entries[i].key == key && entries[i].value == value && entries[i].line == line;
    };
    CHECK(is(0, "batch", "100", 3));
    CHECK(is(1, "lr", "0.5", 4));
    CHECK(is(2, "hidden", "", 5));
    CHECK(is(3, "data", "mnist:/a#b;c/d e", 7));
    CHECK(is(4, "out", "a=b", 8));
    CHECK(read_ini("x.ini", "").empty());
}

TEST_CASE("what is not key = value is refused with file, line, the line's text and what is allowed") {
    const auto [line, remedy] = GENERATE(table<std::string, std::string>({{"[model]", "section"},
                                                                          {"batch 100", "= is missing"},
                                                                          {"= 100", "key is missing"},
                                                                          {"batch", "= is missing"}}));
    CAPTURE(line);
    CHECK_THROWS_AS(read_ini("x.ini", "lr = 1\n" + line + "\n"), InputError);
    CHECK_THROWS_WITH(read_ini("x.ini", "lr = 1\n" + line + "\n"),
                      ContainsSubstring("x.ini:2") && ContainsSubstring("'" + line + "'") &&
                          ContainsSubstring("key = value") && ContainsSubstring(remedy));
}
