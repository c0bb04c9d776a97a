#include <functional>
#include <limits>

#include "study/plot/figures.hpp"
#include "study/plot/sweep_figure.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/result/sample.hpp"

using namespace lockstep;
using study::GnuplotScript;

namespace {

std::string drawn(const std::function<void(GnuplotScript&)>& draw) {
    GnuplotScript script(study::FigureFile::svg, "figure.svg");
    draw(script);
    return script.text();
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("text in a script is a string and nothing else") {
    CHECK(study::quoted("it's") == "'it''s'");
    CHECK(study::quoted("a\nb") == "'a b'");
    CHECK(study::quoted("'; system 'x") == "'''; system ''x'");
}

TEST_CASE("numbers read back, and what is none is a gap") {
    GnuplotScript script(study::FigureFile::png, "");
    const double value = 0.1 + 0.2;
    CHECK(script.data({{value, std::numeric_limits<double>::infinity()}, {1, 2}}) == "$data1");
    CHECK(script.data({{3}}) == "$data2");
    CHECK(holds(script.text(), "$data1 << EOD\n0.30000000000000004 NaN\n1 2\nEOD\n$data2 << EOD\n3\nEOD\n"));
}

TEST_CASE("the ending decides what is written") {
    CHECK(study::figure_file("a/b.pdf") == study::FigureFile::pdf);
    CHECK(study::figure_file("x.y.png") == study::FigureFile::png);
    CHECK_THROWS_WITH(study::figure_file("x.jpg"),
                      Catch::Matchers::ContainsSubstring("--out: given 'x.jpg'"));
}

TEST_CASE("a figure holds the result's numbers and names its axes") {
    const std::vector<study::RunFolder> runs{{"run", "run", result::sample_result(), {}, {}}};
    const std::string accuracy =
        drawn([&](GnuplotScript& script) { draw_accuracy(script, runs, study::Against::time); });
    CHECK(holds(accuracy, "set xlabel 'time (s)'\nset ylabel 'test accuracy'\n"));
    CHECK(holds(accuracy, "<< EOD\n1 0.75\nEOD\n"));  // shared parameters alone
    const std::string by_samples =
        drawn([&](GnuplotScript& script) { draw_loss(script, runs, study::Against::samples); });
    CHECK(holds(by_samples, "<< EOD\n200 0.5\nEOD\n"));
    CHECK(holds(by_samples, "<< EOD\n200 0.75\nEOD\n"));  // of training
    const std::string shares = drawn([&](GnuplotScript& script) { draw_time_shares(script, runs); });
    CHECK(holds(shares, "0 1.5 0.25 0.125 0.125\n1 1.4 0.3 0.1 0.1\n"));
    const std::string staleness = drawn([&](GnuplotScript& script) { draw_staleness(script, runs); });
    CHECK(holds(staleness, "0 1\n1 2\n10 1\n"));
}

TEST_CASE("several runs stand side by side, with 0 where one has nothing") {
    std::vector<study::RunFolder> runs{{"a", "a", result::sample_result(), {}, {}},
                                       {"b", "b's", result::sample_result(), {}, {}}};
    runs[1].result->staleness = {{0, 4}, {2, 5}};
    const std::string staleness = drawn([&](GnuplotScript& script) { draw_staleness(script, runs); });
    CHECK(holds(staleness, "0 1 4\n1 2 0\n2 0 5\n10 1 0\n"));
    CHECK(holds(staleness, "title 'b''s'"));
    CHECK_THROWS_WITH(drawn([&](GnuplotScript& script) { draw_time_shares(script, runs); }),
                      Catch::Matchers::ContainsSubstring("--figure time-shares: given '2 runs'"));
}

TEST_CASE("a timeline of more spans than can be drawn becomes columns, divided by use") {
    study::RunFolder run{"run", "run", {}, events::Timeline{}, {}};
    events::Track& track = run.timeline->tracks.emplace_back();
    constexpr std::size_t steps = 16'000;
    for (std::size_t i = 0; i < steps; ++i) {
        events::Span span;
        span.begin_s = static_cast<double>(i);
        span.end_s = span.begin_s + 0.75;
        track.spans.push_back(span);
        span.activity = events::Activity::wait;
        span.begin_s = span.end_s;
        span.end_s += 0.25;
        track.spans.push_back(span);
    }
    track.end_s = steps;
    const std::string text = drawn([&](GnuplotScript& script) { draw_timeline(script, std::span(&run, 1)); });
    // 400 columns of 40 s: from 0.4 upwards three quarters computing, then a quarter waiting up to -0.4.
    const std::size_t waits = text.find("$data2");
    CHECK(holds(text, "$data1 << EOD\n0 40 -0.19999999999999996 0.4\n40 80 "));
    CHECK(holds(text.substr(waits), "$data2 << EOD\n0 40 -0.39999999999999997 -0.19999999999999996\n"));
    CHECK(std::count(text.begin(), text.end(), '\n') < 900);
}
