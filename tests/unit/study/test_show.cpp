#include <algorithm>
#include <limits>
#include <numeric>
#include <sstream>

#include "base/terminal.hpp"
#include "study/show/rows.hpp"
#include "study/show/text.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/result/sample.hpp"

namespace test_show {

using namespace lockstep;
using study::Look;
using study::Use;

namespace {

constexpr Look ascii{80, false, false};
constexpr Look utf8{80, true, false};

std::size_t longest_line(const std::string& text) {
    std::istringstream lines(text);
    std::size_t longest = 0;
    for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
    return longest;
}

events::Timeline timeline_of(std::vector<events::Span> spans, double end_s) {
    events::Timeline timeline;
    events::Track& track = timeline.tracks.emplace_back();
    track.spans = std::move(spans);
    track.end_s = end_s;
    return timeline;
}

events::Span span(double begin_s, double end_s, events::Activity activity) {
    events::Span result;
    result.begin_s = begin_s;
    result.end_s = end_s;
    result.activity = activity;
    return result;
}

}  // namespace

TEST_CASE("the parts of a bar add up to its length") {
    CHECK(study::divided({1, 1, 1, 1}, 8) == std::array<std::size_t, 4>{2, 2, 2, 2});
    CHECK(study::divided({2, 1, 1, 0}, 3) == std::array<std::size_t, 4>{1, 1, 1, 0});
    CHECK(study::divided({0, 0, 0, 0}, 8) == std::array<std::size_t, 4>{});
    CHECK(study::divided({1, -1e-12, 0, 0}, 5) == std::array<std::size_t, 4>{5, 0, 0, 0});
    for (std::size_t length = 0; length < 50; ++length) {
        const auto parts = study::divided({0.31, 0.27, 0.41, 0.01}, length);
        CHECK(std::accumulate(parts.begin(), parts.end(), std::size_t{0}) == length);
    }
}

TEST_CASE("a sparkline goes from the lowest to the highest value") {
    const std::vector<double> falling{8, 7, 6, 5, 4, 3, 2, 1};
    CHECK(study::sparkline(falling, 8, utf8) == "█▇▆▅▄▃▂▁");
    CHECK(study::sparkline(falling, 8, ascii) == "@%*+=-:.");
    CHECK(study::sparkline(falling, 2, utf8) == "█▁");
    CHECK(study::sparkline(std::vector<double>{1, 1, 1, 9, 1, 1}, 3, ascii) == ".@.");  // nothing is skipped
    CHECK(study::sparkline(falling, 100, ascii).size() == 8);
    CHECK(study::sparkline(std::vector<double>{1, 1}, 8, ascii) == "..");
    CHECK(study::sparkline({}, 8, ascii).empty());
    CHECK(study::sparkline(std::vector<double>{1, std::numeric_limits<double>::quiet_NaN(), 2}, 8, ascii) ==
          ".!@");
}

TEST_CASE("cells have colours where these are welcome") {
    CHECK(study::cells(Use::wait, 3, ascii) == "---");
    CHECK(study::cells(Use::wait, 2, utf8) == "▒▒");
    CHECK(study::cells(Use::wait, 2, {80, false, true}) == "\033[33m--\033[0m");
    CHECK(study::cells(Use::wait, 0, {80, false, true}).empty());
}

TEST_CASE("what is too short for a cell is shown as often as its time makes up") {
    const std::vector<study::Shares> bins(100, study::Shares{0.45, 0.40, 0.15, 0});
    std::array<std::size_t, 4> counts{};
    for (const auto& use : study::uses_to_show(bins)) ++counts[static_cast<std::size_t>(use.value())];
    CHECK(counts == std::array<std::size_t, 4>{45, 40, 15, 0});
    CHECK(study::uses_to_show({study::Shares{}}).front() == std::nullopt);
}

TEST_CASE("a timeline goes from the start to the end") {
    using enum events::Activity;
    // 0 to 1 s in 16 cells of 62.5 ms: half computing, a quarter waiting, an eighth receiving, the rest
    // other.
    const auto timeline =
        timeline_of({span(0, 0.5, compute), span(0.5, 0.75, wait), span(0.75, 0.875, receive)}, 1);
    const std::string text = study::timeline_rows(timeline, {20, false, false});
    CHECK(text == "   0            1 s\n0  ########----~~..\n");
}

TEST_CASE("a bar is as long as its rank's time, and its figures are those of the result") {
    result::Worker slow;
    slow.elapsed_s = 2;
    slow.compute_s = 1;
    slow.wait_s = 0.5;
    slow.transfer_s = 0.25;
    slow.other_s = 0.25;
    result::Worker fast = slow;
    fast.rank = 1;
    fast.elapsed_s = 1;
    fast.compute_s = 1;
    fast.wait_s = fast.transfer_s = fast.other_s = 0;
    const std::string narrow = study::share_rows({slow, fast}, {20, false, false});
    CHECK(narrow == "0  ########----~~..\n1  ########\n");
    const std::string wide = study::share_rows({slow, fast}, ascii);
    CHECK(wide.find("50.0 %        37.5 %   25.0 %   12.5 %") != std::string::npos);
}

TEST_CASE("a run fits the columns there are") {
    study::RunFolder run{"somewhere/run", "run", result::sample_result(), {}, {}};
    using enum events::Activity;
    run.timeline = timeline_of({span(0, 1, compute), span(1, 2, wait)}, 2);
    for (const std::size_t columns : {40U, 50U, 63U, 64U, 80U, 120U}) {
        CAPTURE(columns);
        const std::string text = study::to_text(run, {columns, false, false});
        CHECK(longest_line(text) <= columns);
        CHECK(text.find("0.5000") != std::string::npos);  // its only evaluation of the shared parameters
        CHECK(text.find("00112233445566778899aabbccddeeff") != std::string::npos);
        CHECK(text.find("Timeline") != std::string::npos);
        CHECK(text.find("Each rank's clock is known within") != std::string::npos);  // it is of a real run
    }
    run.timeline->simulated = true;
    CHECK(study::to_text(run, ascii).find("Each rank's clock") == std::string::npos);
}

TEST_CASE("a time to the target comes with the moments on either side of it") {
    study::RunFolder run{"somewhere/run", "run", result::sample_result(), {}, {}};
    const auto shown = [&](std::size_t columns) { return study::to_text(run, {columns, false, false}); };
    CHECK(shown(80).find("target") == std::string::npos);
    run.result->config.target_accuracy = 0.92;
    CHECK(shown(80).find("\ntime to target 1.75 s to accuracy 0.92, between 1.69 s and 1.81 s\n") !=
          std::string::npos);
    run.result->summary.time_to_target_high_s = 2;
    CHECK(shown(120).find("between 1.69 s and 2 s: too far apart for an exact time\n") != std::string::npos);
    for (const std::size_t columns : {40U, 60U, 80U}) CHECK(longest_line(shown(columns)) <= columns);
    run.result->config.target_accuracy.reset();
    run.result->config.target_loss = 0.5;
    run.result->summary.time_to_target_s.value = result::AtTarget::never;
    CHECK(shown(80).find("\ntime to target never to loss 0.5\n") != std::string::npos);
}

TEST_CASE("a time comes with what is known of it") {
    study::RunFolder run{"somewhere/run", "run", result::sample_result(), {}, {}};
    CHECK(study::to_text(run, {200, false, false})
              .find("1.88 s (1.5 s to 2.25 s, 5 platform seeds) (1.7 s to 2.1 s, 95 % by the calibration), "
                    "this run 2 s; simulated, calibrated on node-7") != std::string::npos);
}

TEST_CASE("what a result says cannot move the cursor") {
    CHECK(base::printable("a\033[2Jb\x7f\n\t\xc2\x9b"
                          "1m\xc2\xa0\u00e4\u2588") ==
          "a\\x1b[2Jb\\x7f\\x0a\\x09\\xc2\\x9b1m\xc2\xa0\u00e4\u2588");
    study::RunFolder run{"somewhere/run", "ru\033[1mn", result::sample_result(), {}, {}};
    run.result->provenance.data_description =
        "digits \033]0;owned\a and \xc2\x9b"
        "31m";
    run.result->provenance.world = "simu\033lated";
    run.result->summary.parameters_digest = "00\x7f\033[5m";
    const std::string text = study::to_text(run, ascii);
    CHECK(text.find('\033') == std::string::npos);
    CHECK(text.find_first_of("\a\x7f\xc2") == std::string::npos);
    CHECK(text.find("digits \\x1b]0;owned\\x07 and \\xc2\\x9b31m") != std::string::npos);
}

TEST_CASE("of many ranks the first and the last are shown") {
    std::vector<result::Worker> workers(100);
    for (std::size_t i = 0; i < workers.size(); ++i) {
        workers[i].rank = i;
        workers[i].elapsed_s = workers[i].compute_s = 1;
    }
    const std::string text = study::share_rows(workers, {40, false, false});
    CHECK(std::ranges::count(text, '\n') == 17);
    CHECK(text.find(" 7  #") != std::string::npos);
    CHECK(text.find(" 8  #") == std::string::npos);
    CHECK(text.find("92  #") != std::string::npos);
}

}  // namespace test_show
