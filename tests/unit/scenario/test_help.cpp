#include <algorithm>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "scenario/help.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep::scenario;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the help names every group, option, allowed value and default within 100 columns") {
    const std::string text = help("usage: lockstep sim [SCENARIO.ini] [--key value ...]");
    CHECK_THAT(text, Catch::Matchers::StartsWith("usage: lockstep sim"));
    std::string words = text;  // with every break and indentation as one blank
    words.erase(std::unique(words.begin(), words.end(),
                            [](char a, char b) { return std::isspace(a) != 0 && std::isspace(b) != 0; }),
                words.end());
    std::ranges::replace(words, '\n', ' ');
    for (const Group group : all_groups)
        CHECK_THAT(text, ContainsSubstring(fmt::format("\n{}\n", title(group))));
    for (const Option& option : options()) {
        const std::string preset = default_text(option).empty() ? "nothing" : default_text(option);
        CHECK_THAT(words, ContainsSubstring(fmt::format(" --{} {} {} [{}; default: {}]", option.key,
                                                        option.kind.placeholder, option.help,
                                                        option.kind.allowed, preset)));
    }
    for (const Method& method : Method::all())
        CHECK_THAT(text, ContainsSubstring(std::string(method->traits->summary)));
    CHECK_THAT(words, ContainsSubstring("default: 50us"));
    CHECK_THAT(words, ContainsSubstring("default: 16GiB"));

    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        CHECK(line.size() <= 100);
        CHECK((line.empty() || line.back() != ' '));
        CHECK(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }));
    }
}

TEST_CASE("a front end chooses groups and adds options of its own") {
    const std::vector<ExtraOption> extra{{"launcher-args", "ARGS", "", "Passed to mpirun."},
                                         {"world", "NAME", "sim", "sim or real."}};
    constexpr std::array groups{Group::output};
    const std::string text = help("usage", groups, extra, "Table");
    CHECK_THAT(text, ContainsSubstring("\nTable\n"));
    CHECK_THAT(text, ContainsSubstring("--launcher-args ARGS") &&
                         ContainsSubstring("Passed to mpirun. [default: nothing]"));
    CHECK_THAT(text, ContainsSubstring("sim or real. [default: sim]"));
    CHECK_THAT(text, ContainsSubstring("--format") && !ContainsSubstring("--latency"));
}
