#include <algorithm>
#include <set>

#include "study/command.hpp"
#include "study/manual/key_words.hpp"
#include "study/manual/page.hpp"
#include "study/manual/request.hpp"
#include "study/manual/roff.hpp"
#include "tests/support/catch.hpp"

using namespace lockstep;

TEST_CASE("every command has a page, in the same order") {
    std::vector<std::string_view> commands;
    for (const study::Command& command : study::commands()) commands.push_back(command.name);
    std::vector<std::string_view> described;
    for (const study::CommandPage& page : study::pages()) described.push_back(page.name);
    CHECK(described == commands);
}

TEST_CASE("no key of a command is another one's of a run") {
    for (const study::CommandPage& page : study::pages()) {
        std::set<std::string> keys;
        for (const study::KeyWords& key : study::own_key_words(page)) {
            CAPTURE(page.name, key.key);
            CHECK(keys.insert(key.key).second);
            const bool is_of_a_run = scenario::find_option(key.key) != nullptr;
            CHECK_FALSE((page.takes_run_keys() && is_of_a_run));
        }
    }
}

TEST_CASE("a default is one of the choices") {
    for (const study::CommandPage& page : study::pages())
        for (const scenario::ExtraOption& option : page.keys) {
            CAPTURE(page.name, option.key);
            const bool is_known =
                option.choices.empty() || option.default_value.empty() ||
                std::ranges::find(option.choices, option.default_value) != option.choices.end();
            CHECK(is_known);
        }
}

TEST_CASE("words are operands, keys with values, and flags") {
    const study::CommandPage& page = study::page_of("plot");
    const auto request = study::read_request(
        page, std::vector<std::string>{"a", "--figure", "loss", "--out=x.svg", "--script", "b"});
    REQUIRE(request);
    CHECK(request->operands == std::vector<std::string>{"a", "b"});
    CHECK(request->value("figure") == "loss");
    CHECK(request->value("out") == "x.svg");
    CHECK(request->is_set("script"));
    CHECK_FALSE(request->is_set("partial"));
    CHECK(request->value("against") == "time");
}

TEST_CASE("pages named as programs say which keys these do not take") {
    const auto says = [](std::string_view command, const std::string& part) {
        return study::command_page(study::page_of(command)).find(part) != std::string::npos;
    };
    CHECK(says("sim",
               "The program lockstep\\-sim takes the same keys but for the command's own: "
               "\\-\\-without\\-straggler, \\-\\-estimate, \\-\\-platform\\-seeds."));
    CHECK(says("real",
               "The program lockstep\\-real takes the same keys but for the command's own: "
               "\\-\\-launcher, \\-\\-launcher\\-args, \\-\\-estimate;"));
    CHECK_FALSE(says("sweep", "The program"));
}

TEST_CASE("roff takes text as it is") {
    study::CommandPage page = study::page_of("show");
    page.keys = {{"odd", "X", "\\d", ".starts with a dot, has a \\ and a - in it"}};
    const std::string text = study::command_page(page);
    CHECK(text.find("\n\\&.starts with a dot, has a \\e and a \\- in it Default: \\ed.\n") !=
          std::string::npos);
}
