#include <fmt/format.h>

#include "study/report/history_charts.hpp"
#include "study/report/request.hpp"
#include "study/report/run_charts.hpp"
#include "study/report/shown_ranks.hpp"
#include "study/report/staleness_chart.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

using namespace lockstep;
using namespace lockstep::study;
using test::refusal;

namespace {

ReportRequest parsed(std::vector<std::string> words) {
    return report_request(read_request(page_of("report"), words).value());
}

}  // namespace

TEST_CASE("folders and keys in any order") {
    const ReportRequest request = parsed({"a", "--out=x.html", "--partial", "b", "--title", "--odd"});
    CHECK(request.folders == std::vector<std::filesystem::path>{"a", "b"});
    CHECK(request.out == "x.html");
    CHECK(request.title == "--odd");
    CHECK(request.parts == Parts::what_is_usable);
    CHECK(parsed({"a"}).out == "report.html");
    CHECK(parsed({"--diff", "a", "b"}).out.empty());
    CHECK(parsed({"--diff", "a", "b", "--tolerance", "2.5"}).tolerance_percent == 2.5);
}

TEST_CASE("a report that cannot be is refused with what to do") {
    CHECK(refusal([] { parsed({}); }).starts_with("RUN: the folder is missing"));
    CHECK(refusal([] { parsed({"a", "--titel", "b"}); }) == "--titel: unknown option; did you mean --title?");
    CHECK(refusal([] { parsed({"a", "--out"}); }) == "--out: the value is missing; write --out FILE");
    CHECK(refusal([] {
              parsed({"a", "--out", "--partial"});
          }) == "--out: the value is missing; write --out FILE");
    CHECK(refusal([] { parsed({"a", "--partial=yes"}); }) == "--partial: takes no value");
    CHECK(refusal([] { parsed({"a", "--out", "x", "--out", "y"}); }) == "--out: given twice; remove one");
    CHECK(refusal([] { parsed({"--diff", "a"}); }).starts_with("--diff: given '1 folders'; allowed: two"));
    CHECK(refusal([] {
              parsed({"a", "--tolerance", "1"});
          }).starts_with("--tolerance: it applies only with"));
    CHECK(refusal([] {
              parsed({"--diff", "a", "b", "--tolerance", "0"});
          }).starts_with("--tolerance: given '0'"));
    CHECK(refusal([] { parsed({"a", "--out", "."}); }).starts_with("--out: given '.'"));
}

TEST_CASE("bins of staleness hold every value once") {
    for (const std::uint64_t largest : {0u, 1u, 47u, 48u, 1000u}) {
        const auto bins = staleness_bins(largest, 48);
        CHECK(bins.size() <= 48);
        CHECK(bins.front().first == 0);
        CHECK(bins.back().last >= largest);
        for (std::size_t i = 1; i < bins.size(); ++i) CHECK(bins[i].first == bins[i - 1].last + 1);
    }
    CHECK(staleness_bins(3, 48)[3].name() == "3");
    CHECK(staleness_bins(100, 48)[1].name() == "3 to 5");
}

TEST_CASE("of many ranks the first and all servers are shown, each once and in order") {
    CHECK(shown_ranks(3, 1) == std::vector<std::size_t>{0, 1, 2});
    const std::vector<std::size_t> shown = shown_ranks(1025, 1);
    CHECK(shown.size() == most_shown_ranks);
    CHECK(shown.front() == 0);
    CHECK(shown.back() == 1024);
    CHECK(std::ranges::is_sorted(shown));
    CHECK(std::ranges::adjacent_find(shown) == shown.end());
}

TEST_CASE("of many workers' own evaluations it is said how many have no line, and none is left out alone") {
    constexpr std::size_t workers = 12;
    RunFolder run{"run", "run", result::Result{}, {}, {}};
    for (std::size_t epoch = 0; epoch < 100; ++epoch)
        for (std::size_t worker = 0; worker < workers; ++worker) {
            result::Evaluation& row = run.result->history.emplace_back();
            row.epoch = static_cast<double>(epoch);
            row.worker = worker;
            row.test_loss = 1;
        }
    const std::vector<const RunFolder*> runs{&run};
    CHECK(undrawn(runs) == " 4 workers are not drawn: of a run the first 8 lines are.");
    ReportPage page("title");
    page.begin_section("run");
    add_run_charts(page, run);
    const std::string html = page.html();
    CHECK(html.find("batches trained on. 4 workers are not drawn") != std::string::npos);
    CHECK(html.find("312 rows of 1200") != std::string::npos);
    for (std::size_t worker = 0; worker < workers; ++worker) {
        const std::string cell = fmt::format(">worker {}</", worker);
        std::size_t rows = 0;
        for (std::size_t at = html.find(cell); at != std::string::npos; at = html.find(cell, at + 1)) ++rows;
        CHECK(rows == 26);  // every fourth of 100, and the last
    }
    run.result->history.resize(8);
    CHECK(undrawn(runs).empty());
}
