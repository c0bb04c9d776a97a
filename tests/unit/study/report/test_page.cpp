#include <array>

#include "study/plot/script.hpp"
#include "study/report/page/assets.hpp"
#include "study/report/page/report_page.hpp"
#include "tests/support/catch.hpp"

namespace test_page {

using namespace lockstep::study;
using Json = nlohmann::ordered_json;

namespace {

const std::string attack = "</script><script>alert('1')</script>";

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

/// The JSON block of a page, read back.
Json data_of(const std::string& html) {
    const std::string opening = "id=\"report-data\">";
    const std::size_t begin = html.find(opening) + opening.size();
    return Json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

}  // namespace

TEST_CASE("text cannot become markup") {
    CHECK(escaped("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
}

TEST_CASE("what ranks do has the colours of lockstep plot") {
    const std::string script(charts_script());
    constexpr std::array uses{"compute", "wait", "transfer", "other"};
    for (std::size_t i = 0; i < uses.size(); ++i) {
        const std::string colour_of_plot = colour(i).substr(1, 7);
        CHECK(count_of(script, " " + std::string(uses[i]) + ": \"" + colour_of_plot + "\"") == 1);
    }
}

TEST_CASE("JSON within a script holds the same strings and no tag") {
    const Json json{{"a", attack}, {"b", "<!-- & "}};
    const std::string safe = script_safe(json);
    CHECK(safe.find_first_of("<>&") == std::string::npos);
    CHECK(Json::parse(safe) == json);
}

TEST_CASE("bytes that are no UTF-8 do not end the report") {
    CHECK_NOTHROW(script_safe(Json{{"a", "\xff\xfe"}}));
}

TEST_CASE("a page holds nothing executable but its own four scripts, whatever its texts are") {
    ReportPage page(attack);
    page.begin_section(attack);
    page.begin_part(attack);
    page.add_text(attack);
    page.add_finding(attack);
    page.add_warning(attack);
    page.add_list({attack});
    const HtmlTable table{attack, {{attack, false}}, {{HtmlCell(attack)}}};
    page.add_table(table);
    BarView view{attack, attack, attack, {attack}, {{attack, {1.5}}}};
    page.add_chart(bar_chart(attack, attack, std::span(&view, 1)), table);
    const std::string html = page.html();
    CHECK(count_of(html, "<script>\n") == 4);
    CHECK(count_of(html, "<script") == 5);
    CHECK(count_of(html, "</script>") == 5);
    CHECK(html.find("<script>alert") == std::string::npos);
    CHECK(data_of(html)["chart-1"]["views"][0]["name"] == attack);
}

TEST_CASE("a page asks for nothing from anywhere") {
    const std::string html = ReportPage("empty").html();
    CHECK(count_of(html, "src=") + count_of(html, "@import") == 0);
    CHECK(html.find("default-src 'none'") != std::string::npos);
    CHECK((html.find("Chart.js v3") != std::string::npos) == HAS_CHART_JS);
}

TEST_CASE("sections are listed, and headings go down by one level") {
    ReportPage page("Title");
    page.begin_section("First");
    page.begin_part("Part");
    page.begin_section("Second");
    const std::string html = page.html();
    CHECK(html.find("<h1>Title</h1>") < html.find("<h2 id=\"heading-1\">First</h2>"));
    CHECK(html.find("First</h2>") < html.find("<h3>Part</h3>"));
    CHECK(html.find("<a href=\"#section-2\">Second</a>") != std::string::npos);
}

TEST_CASE("a cell shows what people read, and holds the number that it stands for") {
    const HtmlTable table{"t", {{"a", false}, {"b"}}, {{"row", time_cell(0.0123456789)}}};
    CHECK(to_html(table).find("<data value=\"0.0123456789\">12.3 ms</data>") != std::string::npos);
    CHECK(share_cell(0.25).text == "25.0 %");
    CHECK(number_cell(std::nan("")).text == "-");
    CHECK(count_cell(std::nullopt).text == "-");
    CHECK_FALSE(count_cell(std::nullopt).exact);
}

TEST_CASE("what is not finite is a gap in charts") {
    const double nothing = std::nan("");
    LineView view{"v", "x", "y", false, {{"line", {{1, nothing}, {2, 5, 4, 6}}}}, {}};
    const Json data = line_chart("t", "d", std::span(&view, 1)).data["views"][0]["series"][0];
    CHECK(data["points"] == Json::parse("[[1.0,null],[2.0,5.0]]"));
    CHECK(data["bands"] == Json::parse("[[null,null],[4.0,6.0]]"));
}

}  // namespace test_page
