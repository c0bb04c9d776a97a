#include "study/report/page/report_page.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "study/report/page/assets.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

/// Nothing may be loaded from anywhere, whatever the page were to ask for.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

/// No text of ours is missing where scripts do not run; pictures are.
constexpr std::string_view without_scripts =
    "<noscript><p class=\"warning\">The charts of this page need JavaScript; all of their figures are in the "
    "tables beside them.</p></noscript>\n";

std::string strip(std::string_view title) {
    return fmt::format(
        "<div class=\"strip\"><canvas role=\"img\" aria-label=\"{0}: overview of the whole run\"></canvas>"
        "<div class=\"window\" tabindex=\"0\" role=\"slider\" aria-label=\"{0}: window\" "
        "aria-valuemin=\"0\" aria-valuemax=\"100\" aria-valuenow=\"0\"></div></div>\n"
        "<p class=\"readout\" aria-live=\"polite\"></p>\n",
        escaped(title));
}

std::string script(std::string_view code) {
    std::string html = "<script>\n";
    html.append(code);
    return html += "\n</script>\n";
}

}  // namespace

std::string script_safe(const Json& json) {
    std::string safe;
    for (const char letter : json.dump(-1, ' ', false, Json::error_handler_t::replace)) {
        if (letter == '<')
            safe += "\\u003c";
        else if (letter == '>')
            safe += "\\u003e";
        else if (letter == '&')
            safe += "\\u0026";
        else
            safe += letter;
    }
    return safe;
}

ReportPage::ReportPage(std::string title) : title_(std::move(title)) {
    sections_.emplace_back();
}

std::string& ReportPage::body() {
    return sections_.back().body;
}

void ReportPage::begin_section(std::string_view heading) {
    sections_.push_back({std::string(heading), {}});
}

void ReportPage::begin_part(std::string_view heading) {
    body() += fmt::format("<h3>{}</h3>\n", escaped(heading));
}

void ReportPage::add_text(std::string_view text) {
    body() += fmt::format("<p>{}</p>\n", escaped(text));
}

void ReportPage::add_finding(std::string_view text) {
    body() += fmt::format("<p class=\"finding\">{}</p>\n", escaped(text));
}

void ReportPage::add_warning(std::string_view text) {
    body() += fmt::format("<p class=\"warning\">{}</p>\n", escaped(text));
}

void ReportPage::add_command(std::string_view command) {
    body() += fmt::format("<pre><code>{}</code></pre>\n", escaped(command));
}

void ReportPage::add_list(const std::vector<std::string>& items) {
    body() += "<ul>\n";
    for (const std::string& item : items) body() += fmt::format("<li>{}</li>\n", escaped(item));
    body() += "</ul>\n";
}

void ReportPage::add_table(const HtmlTable& table) {
    body() += to_html(table);
}

void ReportPage::add_folded_table(const HtmlTable& table) {
    body() += fmt::format("<details data-rows=\"{}\"><summary>{}</summary>\n{}</details>\n",
                          table.rows.size(), escaped(table.caption), to_html(table));
}

void ReportPage::add_chart(const Chart& chart, const HtmlTable& beside) {
    const std::string id = fmt::format("chart-{}", charts_.size() + 1);
    charts_[id] = chart.data;
    body() += fmt::format(
        "<figure class=\"chart\" id=\"{0}\"><figcaption><strong>{1}</strong> {2}</figcaption>\n"
        "<div class=\"views\"></div>\n{3}"
        "<div class=\"canvas\"><canvas role=\"img\" aria-label=\"{1}. {2}\"></canvas></div>\n",
        id, escaped(chart.title), escaped(chart.description), chart.has_strip ? strip(chart.title) : "");
    add_folded_table(beside);
    body() += "</figure>\n";
}

std::string ReportPage::html() const {
    std::string page = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"generator\" content=\"lockstep {} ({})\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n<style>\n",
        policy, base::version(), base::git_revision(), escaped(title_));
    page.append(page_style());
    page += fmt::format("</style>\n</head>\n<body>\n<header><h1>{}</h1>\n<nav aria-label=\"Contents\"><ul>\n",
                        escaped(title_));
    for (std::size_t i = 1; i < sections_.size(); ++i)
        page += fmt::format("<li><a href=\"#section-{}\">{}</a></li>\n", i, escaped(sections_[i].heading));
    page += "</ul></nav></header>\n<main>\n";
    page.append(without_scripts);
    page += sections_.front().body;
    for (std::size_t i = 1; i < sections_.size(); ++i) {
        page += fmt::format(
            "<section id=\"section-{0}\" aria-labelledby=\"heading-{0}\"><h2 id=\"heading-{0}\">{1}</h2>\n",
            i, escaped(sections_[i].heading));
        page += sections_[i].body;
        page += "</section>\n";
    }
    page += fmt::format("</main>\n<footer><p>Written by lockstep {} ({}).</p></footer>\n", base::version(),
                        base::git_revision());
    page += R"(<script type="application/json" id="report-data">)";
    page += script_safe(charts_);
    page += "</script>\n";
    for (const std::string_view code : {chart_library(), charts_script(), timeline_script(), page_script()})
        page += script(code);
    return page += "</body>\n</html>\n";
}

}  // namespace lockstep::study
