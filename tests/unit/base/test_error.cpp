#include <string>

#include "base/error.hpp"
#include "base/few.hpp"
#include "base/terminal.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::base;

TEST_CASE("a message is one line that a terminal just shows") {
    const std::string with_nul("a\0b\n\033[2J", 8);
    CHECK(InputError("x", with_nul, "y").what() ==
          std::string("x: given 'a\\x00b\\x0a\\x1b[2J'; allowed: y"));
    CHECK(EnvironmentError("a\r\nb").what() == std::string("a\\x0d\\x0ab"));
    CHECK(one_line(one_line("a\033")) == one_line("a\033"));
}

TEST_CASE("characters beyond ASCII are shown, but for those that control or are none") {
    CHECK(printable("\u00e4\u2588\U0001f600") == "\u00e4\u2588\U0001f600");
    CHECK(printable("\u202e\u2066\u2028") == R"(\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xa8)");
    CHECK(printable("caf\xe9") == R"(caf\xe9)");
    CHECK(printable("\x9b"
                    "1m\xe2\x88") == R"(\x9b1m\xe2\x88)");
    CHECK(printable("\u061c\u200e\u200f") == R"(\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f)");
    CHECK(printable("\u200d\ud7ff\ue000\U0010ffff") == "\u200d\ud7ff\ue000\U0010ffff");
}

TEST_CASE("what is not written as UTF-8 writes it is no character") {
    CHECK(printable("\xc0\x9b\xff") == R"(\xc0\x9b\xff)");                          // ESC in two bytes
    CHECK(printable("\xc1\x9b") == R"(\xc1\x9b)");                                  // [ in two
    CHECK(printable("\xe0\x81\x9b") == R"(\xe0\x81\x9b)");                          // in three
    CHECK(printable("\xf0\x82\x82\xac") == R"(\xf0\x82\x82\xac)");                  // the euro in four
    CHECK(printable("\xed\xa0\x80\xed\xbf\xbf") == R"(\xed\xa0\x80\xed\xbf\xbf)");  // halves of a pair
    CHECK(printable("\xf4\x90\x80\x80") == R"(\xf4\x90\x80\x80)");                  // above U+10FFFF
}

TEST_CASE("what was given is quoted in part, and never in the middle of a character") {
    CHECK(InputError("x", std::string(200000, 'k'), "y").what() ==
          "x: given '" + std::string(120, 'k') + "...'; allowed: y");
    CHECK(std::string(InputError(std::string(200000, 'k')).what()).size() == 4003);
    CHECK(shortened("12345", 5) == "12345");
    CHECK(shortened("123456", 5) == "12345...");
    CHECK(shortened("1234\u00e4", 5) == "1234...");
}

TEST_CASE("of many lines a few are shown and the rest counted") {
    std::vector<std::string> all{"before"};
    add_few(all, {"1", "2", "3", "4", "5"}, "more");
    CHECK(all.size() == 6);
    add_few(all, {"1", "2", "3", "4", "5", "6"}, "more");
    CHECK(all.size() == 11);
    CHECK(all.back() == "and 2 more");
}
