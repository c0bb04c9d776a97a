#include "result/text_table.hpp"
#include "tests/support/catch.hpp"

using lockstep::result::TextTable;
using Align = TextTable::Align;

TEST_CASE("columns are as wide as their widest cell and aligned") {
    TextTable table({{"Method", Align::left}, {"Workers"}, {"Time"}});
    table.add_row({"serial", "1", "9.08 s"});
    table.add_row({"sync-average", "2"});
    CHECK(table.rows() == 2);
    CHECK(table.render() ==
          "Method        Workers    Time\n"
          "------------  -------  ------\n"
          "serial              1  9.08 s\n"
          "sync-average        2\n");
}

TEST_CASE("without headings there is no rule; lines can be indented") {
    TextTable table({{"", Align::left}, {"", Align::right}});
    table.add_row({"a", "1"});
    table.add_row({"bbb", "22"});
    CHECK(table.render(2) == "  a     1\n  bbb  22\n");
    CHECK(TextTable({{"x"}}).render() == "x\n-\n");
}

TEST_CASE("what a cell or heading holds stays in its line, and moves no cursor") {
    TextTable table({{"a\nb", Align::left}, {"c"}});
    table.add_row({"x\033[2J", "1\n2"});
    CHECK(table.render() ==
          "a\\x0ab         c\n"
          "--------  ------\n"
          "x\\x1b[2J  1\\x0a2\n");
}
