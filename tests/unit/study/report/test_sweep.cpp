#include <cmath>

#include <fmt/format.h>

#include "study/csv_table.hpp"
#include "study/report/sweep/contenders.hpp"
#include "study/report/sweep/sweep_lines.hpp"
#include "study/report/sweep/sweep_map.hpp"
#include "study/report/sweep/sweep_rows.hpp"
#include "study/sweep/export.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

using namespace lockstep;
using namespace lockstep::study;
using test::refusal;

namespace {

using Rows = std::vector<std::vector<std::string>>;

LineSeries line(std::string name, std::vector<std::pair<double, double>> points) {
    LineSeries made{std::move(name), {}, {}, false};
    for (const auto& [x, y] : points) made.points.push_back({x, y});
    return made;
}

SweptPoint point(std::vector<std::size_t> places, double elapsed_s) {
    SweptPoint made;
    made.places = std::move(places);
    made.runs = 1;
    made.figures = {{1, elapsed_s, std::nan("")}};
    return made;
}

/// Two methods by two latencies by two numbers of workers: the first is faster but at the large latency with
/// many workers.
SweepTable two_methods() {
    SweepTable sweep;
    sweep.keys = {{"method", {"a", "b"}, {}, ""},
                  {"latency", {"1us", "1ms"}, {1e-6, 1e-3}, "s"},
                  {"workers", {"2", "4"}, {2, 4}, ""}};
    sweep.figures = {"elapsed_s"};
    for (std::size_t method = 0; method < 2; ++method)
        for (std::size_t latency = 0; latency < 2; ++latency)
            for (std::size_t workers = 0; workers < 2; ++workers)
                sweep.points.push_back(point({method, latency, workers}, method == 1                    ? 2
                                                                         : latency == 1 && workers == 1 ? 3
                                                                                                        : 1));
    return sweep;
}

std::string file_of(const std::vector<std::string>& lines) {
    std::string text = "point,replicate,seed,latency,method,workers,outcome";
    result::Summary summary;
    for (const std::string_view figure : sweep_figures) text += fmt::format(",{}", figure);
    text += ",failure\n";
    for (const std::string& line : lines) text += line + '\n';
    return text;
}

}  // namespace

TEST_CASE("cells in quotes hold commas, quotes and line ends") {
    CHECK(parse_csv("a,b\n\"1,\"\"2\n\",3\n", "f") == Rows{{"a", "b"}, {"1,\"2\n", "3"}});
    CHECK(parse_csv("a,b\n,\n", "f") == Rows{{"a", "b"}, {"", ""}});
    CHECK(parse_csv("", "f").empty());
}

TEST_CASE("empty lines below a table are no rows of it") {
    const Rows rows{{"a", "b"}, {"1", "2"}};
    for (const char* text : {"a,b\n1,2\n", "a,b\n1,2\n\n", "a,b\n1,2\n\n\n\n"})
        CHECK(parse_csv(text, "f") == rows);
    CHECK(parse_csv("\n", "f").empty());
    CHECK(parse_csv("\n\n", "f").empty());
    CHECK(parse_csv("a,b\n\"\n\n\",2\n\n", "f") == Rows{{"a", "b"}, {"\n\n", "2"}});
}

TEST_CASE("a table that was cut off or damaged is refused") {
    CHECK(refusal([] { parse_csv("a,b\n1,", "f"); }) == "f: its last line has no end; the file was cut off");
    CHECK(refusal([] { parse_csv("a,b\n\"1", "f"); }) == "f: it ends within a cell; the file was cut off");
    CHECK(refusal([] { parse_csv("a,b\n1\n", "f"); }).starts_with("f: row 2 does not have"));
    CHECK(refusal([] { parse_csv("a,b\n\n1,2\n", "f"); }).starts_with("f: row 2 does not have"));
    CHECK(refusal([] { parse_csv("a,b\n\"1\n\n", "f"); }) ==
          "f: it ends within a cell; the file was cut off");
    CHECK(refusal([] { read_sweep_rows("a,b\n1,2\n", "f"); }).starts_with("f: it has no column 'point'"));
}

TEST_CASE("rows of sweep.csv") {
    const SweepRows rows = read_sweep_rows(file_of({"1,1,1,10us,in-turn,2,finished,1.5,never,0.9,,,,,,,,",
                                                    "2,1,1,1ms,in-turn,2,failed,,,,,,,,,,,no"}),
                                           "f");
    CHECK(rows.keys == std::vector<std::string>{"latency", "method", "workers"});
    REQUIRE(rows.rows.size() == 2);
    CHECK(rows.rows[0].values == std::vector<std::string>{"10us", "in-turn", "2"});
    CHECK(rows.rows[0].figures[0] == 1.5);
    CHECK(std::isinf(rows.rows[0].figures[1]));
    CHECK(std::isnan(rows.rows[0].figures[3]));
    CHECK(rows.rows[1].failure == "no");
}

TEST_CASE("seeds are a key where points differ in nothing else") {
    const auto row = [](int point, int replicate, int seed) {
        return fmt::format("{},{},{},10us,in-turn,2,finished,1.5,,,,,,,,,,", point, replicate, seed);
    };
    CHECK(read_sweep_rows(file_of({row(1, 1, 1), row(2, 1, 2)}), "f").keys.back() == "seed");
    CHECK(read_sweep_rows(file_of({row(1, 1, 1), row(1, 2, 2)}), "f").keys.back() == "workers");
}

TEST_CASE("lines cross where they change order") {
    const std::vector<LineSeries> lines{line("a", {{1, 0}, {2, 2}}), line("b", {{1, 1}, {2, 1}})};
    const auto found = crossings(lines, false);
    REQUIRE(found.size() == 1);
    CHECK(found[0].x == Approx(1.5));
    CHECK(found[0].y == Approx(1));
    CHECK(found[0].before == "a");
    CHECK(found[0].after == "b");
}

TEST_CASE("on a logarithmic axis they cross between the logarithms") {
    const std::vector<LineSeries> lines{line("a", {{1, 0}, {100, 2}}), line("b", {{1, 1}, {100, 1}})};
    CHECK(crossings(lines, true)[0].x == Approx(10));
}

TEST_CASE("lines that meet at a point cross there, and those that only touch do not") {
    const LineSeries level = line("b", {{1, 1}, {2, 1}, {3, 1}});
    const auto found = crossings({line("a", {{1, 0}, {2, 1}, {3, 2}}), level}, false);
    REQUIRE(found.size() == 1);
    CHECK(found[0].x == Approx(2));
    CHECK(crossings({line("a", {{1, 0}, {2, 1}, {3, 0}}), level}, false).empty());
    CHECK(crossings({line("a", {{1, 0}, {2, 0.5}, {3, 0}}), level}, false).empty());
}

TEST_CASE("only methods under the same conditions break even") {
    const LineSeries rising = line("a", {{1, 0}, {2, 2}});
    LineSeries level = line("b", {{1, 1}, {2, 1}});
    level.group = "another latency";
    CHECK(crossings({rising, level}, false).empty());
    const std::vector<LineSeries> lines = figure_lines(two_methods(), 2, "elapsed_s");
    REQUIRE(lines.size() == 4);  // two methods by two latencies
    CHECK(lines[0].group == lines[2].group);
    CHECK(lines[0].group != lines[1].group);
    SweepTable one_method = two_methods();
    std::erase_if(one_method.points, [](const SweptPoint& point) { return point.places[0] == 1; });
    for (const LineSeries& single : figure_lines(one_method, 2, "elapsed_s")) CHECK(single.group.empty());
}

TEST_CASE("many lines are several views, one for each group") {
    LineView view{"v", "x", "y", false, {}, {}};
    for (int i = 0; i < 8; ++i) {
        view.series.push_back(line(fmt::format("line {}", i), {{1, i}, {2, i}}));
        view.series.back().group = i % 2 == 0 ? "even" : "odd";
    }
    CHECK(readable(view).size() == 1);
    view.series.push_back(line("another", {{1, 1}, {2, 1}}));
    view.series.back().group = "odd";
    const std::vector<LineView> views = readable(view);
    REQUIRE(views.size() == 2);
    CHECK(views[0].name == "v, even");
    CHECK(views[0].series.size() == 4);
    CHECK(views[1].series.size() == 5);
    for (LineSeries& single : view.series) single.group.clear();
    while (view.series.size() < 20) view.series.push_back(view.series.front());
    CHECK(readable(view)[0].series.size() == most_drawn_lines);
}

TEST_CASE("speed-up and efficiency are over a line's own fewest workers") {
    const std::vector<LineSeries> throughputs{line("a", {{2, 100}, {4, 160}, {8, 200}})};
    const auto speed_up = speed_ups(throughputs)[0].points;
    const auto efficiency = efficiencies(throughputs)[0].points;
    CHECK(speed_up[2].y == Approx(2));
    CHECK(efficiency[0].y == Approx(1));
    CHECK(efficiency[1].y == Approx(0.8));
    CHECK(efficiency[2].y == Approx(0.5));
}

TEST_CASE("the winner of each cell is the method with the best mean") {
    const std::vector<MapView> maps = sweep_maps(two_methods());
    REQUIRE(maps.size() == 1);
    CHECK(maps[0].classes == std::vector<std::string>{"a", "b"});
    CHECK(maps[0].columns == std::vector<std::string>{"1us", "1ms"});
    REQUIRE(maps[0].cells.size() == 4);
    for (const MapCell& cell : maps[0].cells)
        CHECK(cell.colour_class == (cell.column == 1 && cell.row == 1 ? 1 : 0));
}

TEST_CASE("keys that go with the method compete with it and are no axes") {
    SweepTable sweep = two_methods();
    for (SweptPoint& point : sweep.points) point.places[2] = point.places[0];
    const Contenders contenders = Contenders::of(sweep);
    CHECK(contenders.names == std::vector<std::string>{"a, workers 2", "b, workers 4"});
    CHECK(contenders.axes == std::vector<std::size_t>{1});
    CHECK(sweep_maps(sweep).empty());
}

TEST_CASE("without a method the map shows the figure itself in ordered classes") {
    SweepTable sweep = two_methods();
    for (SweptPoint& point : sweep.points) point.places.erase(point.places.begin());
    sweep.keys.erase(sweep.keys.begin());
    const std::vector<MapView> maps = sweep_maps(sweep);
    REQUIRE(maps.size() == 1);
    CHECK(maps[0].is_ordered);
    CHECK(maps[0].classes.size() == 6);
}

TEST_CASE("a method that never reached the target cannot win") {
    SweepTable sweep = two_methods();
    sweep.figures = {"time_to_target_s"};
    for (SweptPoint& point : sweep.points)
        if (point.places[0] == 0) point.figures[0] = {};
    const std::vector<MapView> maps = sweep_maps(sweep);
    REQUIRE(maps.size() == 1);
    REQUIRE(maps[0].cells.size() == 4);
    for (const MapCell& cell : maps[0].cells) CHECK(cell.colour_class == 1);
}

TEST_CASE("a method that always reaches the target goes before one that sometimes does, however fast") {
    SweepTable sweep = two_methods();
    sweep.figures = {"time_to_target_s"};
    for (SweptPoint& point : sweep.points) {
        point.runs = 3;
        point.figures[0].count = point.places[0] == 0 ? 1 : 3;
    }
    const std::vector<MapView> all = sweep_maps(sweep);
    REQUIRE(all.size() == 1);
    for (const MapCell& cell : all[0].cells) {
        CHECK(cell.colour_class == 1);
        CHECK(cell.text.starts_with("b: 2, "));
    }
    for (SweptPoint& point : sweep.points) point.figures[0].count = point.places[0] == 0 ? 1 : 0;
    const std::vector<MapView> some = sweep_maps(sweep);
    REQUIRE(some.size() == 1);
    for (const MapCell& cell : some[0].cells) CHECK(cell.text.find(" (1 of 3 runs)") != std::string::npos);
}

TEST_CASE("equal means and overlapping confidence intervals are a tie") {
    SweepTable sweep = two_methods();
    for (SweptPoint& point : sweep.points) point.figures[0] = {3, 1, 0};
    sweep.points[0].figures[0] = {3, 1.25, 0.25};   // a at the first place
    sweep.points[1].figures[0] = {3, 1.25, 0.125};  // a at the next: apart from b
    for (SweptPoint& point : sweep.points) point.runs = 3;
    const std::vector<MapView> maps = sweep_maps(sweep);
    REQUIRE(maps.size() == 1);
    CHECK(maps[0].classes == std::vector<std::string>{"a", "b", "tie"});
    for (const MapCell& cell : maps[0].cells) {
        const bool is_told = cell.column == 0 && cell.row == 1;
        CHECK(cell.colour_class == (is_told ? 1 : 2));
        CHECK(cell.text.starts_with(is_told                             ? "b: 1, "
                                    : cell.column == 0 && cell.row == 0 ? "tie: b, a: 1, "
                                                                        : "tie: a, b: 1, "));
    }
}

TEST_CASE("lines do not break even where not all runs reached the target") {
    std::vector<LineSeries> lines{line("a", {{1, 0}, {2, 2}, {3, 3}}), line("b", {{1, 1}, {2, 1}, {3, 1}})};
    REQUIRE(crossings(lines, false).size() == 1);
    for (const std::size_t i : {0U, 1U}) {
        lines[i].points[1].is_of_all = false;
        CHECK(crossings(lines, false).empty());  // nor over it, to the next point
        lines[i].points[1].is_of_all = true;
    }
    SweepTable sweep = two_methods();
    sweep.points[0].runs = 3;
    CHECK_FALSE(figure_lines(sweep, 1, "elapsed_s")[0].points[0].is_of_all);
    CHECK(figure_lines(sweep, 1, "elapsed_s")[0].points[1].is_of_all);
}

TEST_CASE("lines are drawn for each combination of the other keys, with bands") {
    SweepTable sweep = two_methods();
    sweep.points[0].figures[0].half_width = 0.25;
    const std::vector<LineSeries> lines = figure_lines(sweep, 1, "elapsed_s");
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].name == "a, workers 2");
    CHECK(lines[0].points[0].low == Approx(0.75));
    CHECK(std::isnan(lines[0].points[1].low));
    CHECK(lines[1].points[1].y == Approx(3));
}
