#include <cstdlib>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "study/launch/shell_words.hpp"
#include "tests/support/catch.hpp"

using lockstep::study::quoted_for_shell;
using lockstep::study::split_words;
using Words = std::vector<std::string>;

TEST_CASE("options of a launcher are words of a shell") {
    const auto words = [](const char* text) { return split_words("--launcher-args", text); };
    CHECK(words("").empty());
    CHECK(words(" \t\n ").empty());
    CHECK(words(" -x 'A=b c'  \"it's\" d\\ e\nf'g'\"h\"\\i ") == Words{"-x", "A=b c", "it's", "d e", "fghi"});
    CHECK(words("'' \"\" a''") == Words{"", "", "a"});
    CHECK(words(R"('$a `b` \' "\$a\`b\"\\\n" \$\|)") == Words{"$a `b` \\", "$a`b\"\\\\n", "$|"});
    CHECK(words("node* a?b [c] #d e=f ^tcp") == Words{"node*", "a?b", "[c]", "#d", "e=f", "^tcp"});
}

TEST_CASE("the home folder is known in options of a launcher") {
    const std::string home = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "~";
    CHECK(split_words("--launcher-args", "~/hosts ~ a~/b '~/c' \\~/d ~root/e") ==
          Words{home + "/hosts", home, "a~/b", "~/c", "~/d", "~root/e"});
}

TEST_CASE("options of a launcher run nothing, and compute nothing") {
    for (const char* text : {"$(ls)", "`ls`",      "$((1))",   "$(())", "$[]", "${LOCKSTEP_TEST_NONE:?}",
                             "$HOME", "\"$HOME\"", "\"`ls`\"", "a$",    "'a",  "\"a",
                             "a\\",   "a'b'\"c",   "a | b",    "a&",    "b;",  "<c",
                             ">d",    "(e)",       "{f}"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(split_words("--launcher-args", text), lockstep::base::InputError);
    }
}

TEST_CASE("a word that is quoted is read as itself") {
    for (const char* word :
         {"", "a", "it's", "a b", "$HOME", "~", "~/a", "`b`", "\"", "\\", "\n", "''", "*"}) {
        CAPTURE(word);
        CHECK(split_words("--launcher-args", quoted_for_shell(word)) == Words{word});
    }
}
