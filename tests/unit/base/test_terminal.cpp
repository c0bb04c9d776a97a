// Sentences in lines of 80 columns.
#include <sstream>
#include <string>

#include "base/terminal.hpp"
#include "tests/support/catch.hpp"

using lockstep::base::in_lines;
using lockstep::base::wrapped;

TEST_CASE("wrapping keeps every word and never exceeds the width where words allow it") {
    CHECK(wrapped("aa bb cc", 5, 2) == "aa bb\n  cc");
    CHECK(wrapped("aa bb cc", 8, 2) == "aa bb cc");
    CHECK(wrapped("toolongaword b", 5, 0) == "toolongaword\nb");
    CHECK(wrapped("", 5, 0).empty());
}

TEST_CASE("what is longer than 78 columns goes on in the next line, indented") {
    CHECK(in_lines("a short one") == "a short one\n");
    CHECK(in_lines("") == "\n");
    const std::string four_words =
        "nineteen-of-letters nineteen-of-letters nineteen-of-letters nineteen-of-letters";
    CHECK(in_lines(four_words) ==
          "nineteen-of-letters nineteen-of-letters nineteen-of-letters\n  nineteen-of-letters\n");
}

TEST_CASE("no line of a sentence exceeds 80 columns, and no word is lost") {
    std::string sentence;
    for (std::size_t i = 0; i < 100; ++i) sentence += (i == 0 ? "" : " ") + std::string(1 + i % 17, 'x');
    const std::string text = in_lines(sentence);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
    std::istringstream words(text);
    std::string together;
    for (std::string word; words >> word;) together += (together.empty() ? "" : " ") + word;
    CHECK(together == sentence);
}

TEST_CASE("a word that is longer stands in a line of its own, whole") {
    const std::string path(100, 'p');
    CHECK(in_lines("every run in " + path + " and more") == "every run in\n  " + path + "\n  and more\n");
}

TEST_CASE("what a sentence quotes ends no line and moves no cursor") {
    CHECK(in_lines("on a\nb, \033[2J") == "on a\\x0ab, \\x1b[2J\n");
}
