#include <cmath>
#include <string>

#include <fmt/format.h>

#include "study/fit/cluster_fit.hpp"
#include "study/fit/least_squares.hpp"
#include "study/fit/link_settings.hpp"
#include "study/fit/prediction.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/refusal.hpp"

namespace lockstep::test::fit {
namespace {

using Catch::Matchers::ContainsSubstring;
using study::ClusterFit;
using study::MeasuredRuns;

constexpr std::size_t parameters = 1'000'000;
constexpr double step_s = 0.02;

/// What a cluster is in truth.
struct Truth {
    double overhead_s = 0;
    double reached = 1;  ///< of the nominal bandwidth
    double step_s = fit::step_s;

    double sync_s(double nominal_Bps, std::size_t workers) const {
        return study::sync_path("ring", workers, parameters).time_s(overhead_s, reached * nominal_Bps);
    }
};

struct Cell {
    double gbps;
    std::size_t period = 8;
    std::size_t workers = 4;
};

enum class Columns { phases_and_wall, wall };

std::string table_of(const Truth& truth, const std::vector<Cell>& cells,
                     Columns columns = Columns::phases_and_wall, double wall_factor = 1) {
    constexpr double giga_B = 1.25e8;
    constexpr std::size_t syncs = 10;
    std::string text =
        "algorithm,period,bandwidth,steps_timed,syncs_timed,compute_ms_median,sync_ms_median,"
        "wall_s_of_timed_steps,workers,parameters\n";
    for (const Cell& cell : cells) {
        const double sync_s = truth.sync_s(cell.gbps * giga_B, cell.workers);
        const std::size_t steps = cell.period * syncs;
        const double wall_s = static_cast<double>(steps) * truth.step_s + syncs * sync_s;
        const bool has_phases = columns == Columns::phases_and_wall;
        text += fmt::format("localsgd,{},{}Gbps,{},{},{},{},{},{},{}\n", cell.period, cell.gbps, steps, syncs,
                            has_phases ? fmt::format("{}", 1e3 * truth.step_s) : "",
                            has_phases ? fmt::format("{}", 1e3 * sync_s) : "", wall_factor * wall_s,
                            cell.workers, parameters);
    }
    return text;
}

ClusterFit fitted(const std::string& table, std::size_t workers = 4) {
    return study::fit_cluster(study::parse_measured_runs(table, "runs.csv"), "ring", workers);
}

std::string refused_table(const std::string& table) {
    return refusal([&] { fitted(table); });
}

}  // namespace

TEST_CASE("relative least squares: exact equations give their unknowns and no residual") {
    const std::vector<study::Equation> equations{{{2, 1}, 7}, {{1, 3}, 11}, {{1, 1}, 5}};
    const study::LeastSquares found = study::solve_relative_least_squares(equations);
    REQUIRE_FALSE(found.undetermined);
    CHECK(found.values[0] == Approx(2));
    CHECK(found.values[1] == Approx(3));
    CHECK(found.residual_squares == Approx(0).margin(1e-25));
}

TEST_CASE("relative least squares: the mean of one unknown weighs by 1 / observed^2") {
    const study::LeastSquares found =
        study::solve_relative_least_squares(std::vector<study::Equation>{{{1}, 1}, {{1}, 2}});
    CHECK(found.values[0] == Approx((1 + 0.5) / (1 + 0.25)));  // sum of 1 / y by that of 1 / y^2
    CHECK(found.covariance[0] == Approx(1 / 1.25));
    CHECK(found.deviation(std::vector<double>{2}) == Approx(2 / std::sqrt(1.25)));
}

TEST_CASE("relative least squares: an unknown that is not told apart is named") {
    const study::LeastSquares found =
        study::solve_relative_least_squares(std::vector<study::Equation>{{{1, 2}, 3}, {{2, 4}, 6}});
    CHECK(found.undetermined == std::size_t{1});
}

TEST_CASE("exact phases give exact parameters and intervals of no width") {
    const ClusterFit fit = fitted(table_of({.reached = 0.9}, {{1}, {5}, {0.2}}));
    CHECK(fit.step_s.value == Approx(step_s));
    CHECK(fit.step_s.low == Approx(step_s));
    CHECK(fit.step_s.high == Approx(step_s));
    CHECK(fit.scatter == 0);
    REQUIRE(fit.links.size() == 3);
    CHECK(fit.links[0].name == "0.2Gbps");  // slowest first
    for (const study::FittedLinks& links : fit.links) {
        CHECK(links.bandwidth_Bps.value == Approx(0.9 * *links.nominal_Bps));
        CHECK(links.bandwidth_Bps.low == Approx(links.bandwidth_Bps.value));
        CHECK(links.residual == Approx(0).margin(1e-9));
    }
}

TEST_CASE("with runs of one number of workers overhead is within what the nominal bandwidths leave") {
    const Truth truth{.overhead_s = 1e-3};
    const ClusterFit fit = fitted(table_of(truth, {{1}, {5}}));
    CHECK_FALSE(fit.overhead_is_told_apart);
    CHECK(fit.overhead_s.value == 0);
    CHECK(fit.overhead_s.low == 0);
    CHECK(fit.overhead_s.high == Approx(truth.overhead_s).epsilon(1e-6));
    for (const study::FittedLinks& links : fit.links) {
        CHECK(links.sync_s.value == Approx(truth.sync_s(*links.nominal_Bps, 4)));
        CHECK(links.bandwidth_Bps.value < *links.nominal_Bps);
        CHECK(links.bandwidth_Bps.high == Approx(*links.nominal_Bps).epsilon(1e-6));
    }
}

TEST_CASE("runs of two numbers of workers tell overhead and bandwidth apart") {
    const Truth truth{.overhead_s = 1e-3, .reached = 0.8};
    for (const Columns columns : {Columns::phases_and_wall, Columns::wall}) {
        const ClusterFit fit =
            fitted(table_of(truth, {{1, 8, 2}, {1, 8, 8}, {5, 4, 4}, {5, 2, 4}}, columns), 16);
        CHECK(fit.overhead_is_told_apart);
        CHECK(fit.step_s.value == Approx(step_s));
        CHECK(fit.overhead_s.value == Approx(truth.overhead_s));
        for (const study::FittedLinks& links : fit.links) {
            CHECK(links.bandwidth_Bps.value == Approx(0.8 * *links.nominal_Bps));
            CHECK(links.sync_s.value == Approx(truth.sync_s(*links.nominal_Bps, 16)));
        }
    }
}

TEST_CASE("an overhead is never below 0") {
    // Four workers take less than two do, which no overhead explains.
    std::string table = table_of({}, {{1, 8, 2}});
    table += table_of({.reached = 3}, {{1, 8, 4}}).substr(table.find('\n') + 1);
    const ClusterFit fit = fitted(table);
    CHECK(fit.overhead_is_told_apart);
    CHECK(fit.overhead_s.value == 0);
    CHECK(fit.overhead_s.high >= 0);
    CHECK(fit.links[0].bandwidth_Bps.value > 1.25e8);
}

TEST_CASE("more than the nominal bandwidth is warned of from 105 % on") {
    CHECK(study::warnings_of(fitted(table_of({.reached = 1.04}, {{1}, {5}}))).empty());
    const auto warnings = study::warnings_of(fitted(table_of({.reached = 2.468}, {{1}, {5}})));
    REQUIRE(warnings.size() == 2);
    CHECK_THAT(warnings[0], ContainsSubstring("1Gbps: 246.8 % of the nominal bandwidth is reached"));
}

TEST_CASE("whole runs of two periods tell steps and synchronisations apart, also for links with one") {
    const ClusterFit fit = fitted(table_of({.reached = 0.7}, {{1, 4}, {1, 16}, {5, 8}}, Columns::wall));
    CHECK(fit.step_s.value == Approx(step_s));
    CHECK(fit.links[0].bandwidth_Bps.value == Approx(0.7 * 1.25e8));
    CHECK(fit.links[1].bandwidth_Bps.value == Approx(5 * 0.7 * 1.25e8));
    CHECK(std::isnan(fit.scatter));  // as many unknowns as times
    CHECK_FALSE(fit.step_s.has_interval());
    CHECK_FALSE(fit.links[0].sync_s.has_interval());
    CHECK_THAT(refused_table(table_of({}, {{1, 4}, {1, 4}}, Columns::wall)),
               ContainsSubstring("runs.csv: steps and synchronisations over 1Gbps are not told apart"));
}

TEST_CASE("intervals grow with what wall times leave of phases, and hold the truth") {
    const std::vector<Cell> cells{{0.2}, {1}, {5}};
    const ClusterFit small = fitted(table_of({}, cells, Columns::phases_and_wall, 1.005));
    const ClusterFit large = fitted(table_of({}, cells, Columns::phases_and_wall, 1.01));
    CHECK(small.scatter > 0);
    CHECK(large.scatter == Approx(2 * small.scatter).epsilon(0.02));
    CHECK(small.degrees == 2);  // less than runs, though nine times are there for four unknowns
    CHECK_FALSE(small.has_repeats);
    CHECK(fitted(table_of({}, {{1}, {1}, {5}})).has_repeats);
    for (const ClusterFit& fit : {small, large}) {
        CHECK(fit.step_s.low < step_s);
        CHECK(fit.step_s.high > step_s);
        for (const study::FittedLinks& links : fit.links) {
            const double sync_s = Truth{}.sync_s(*links.nominal_Bps, 4);
            CHECK(links.sync_s.low < sync_s);
            CHECK(links.sync_s.high > sync_s);
            CHECK(links.residual > 0);
        }
    }
    const auto width = [](const study::Bounded& figure) { return std::log(figure.high / figure.low); };
    CHECK(width(large.step_s) == Approx(2 * width(small.step_s)).epsilon(0.02));
}

TEST_CASE("links that nobody measured: the share that is reached is interpolated") {
    const ClusterFit alike = fitted(table_of({.reached = 0.9}, {{1}, {4}}));
    const study::LinkCase between = study::links_of(alike, "--predict", "2Gbps");
    CHECK_FALSE(between.is_measured);
    CHECK(between.expected.bandwidth_Bps == Approx(2 * 0.9 * 1.25e8));
    CHECK(between.expected.step_s == Approx(step_s));

    std::string table = table_of({.reached = 0.6}, {{1}});
    table += table_of({.reached = 0.8}, {{4}}).substr(table.find('\n') + 1);
    const ClusterFit differing = fitted(table);
    const auto share = [&](const char* name, double gbps) {
        return study::links_of(differing, "--predict", name).expected.bandwidth_Bps / (gbps * 1.25e8);
    };
    CHECK(share("2Gbps", 2) == Approx(0.7));  // the middle of a logarithm
    CHECK(study::links_of(differing, "--predict", "4000Mbps").is_measured);

    const study::LinkCase middle = study::links_of(differing, "--predict", "2Gbps");
    REQUIRE((middle.fastest && middle.slowest));
    const auto sync_s = [&](const study::LinkSettings& links) {
        return differing.path.time_s(links.latency_s, links.bandwidth_Bps);
    };
    CHECK(sync_s(*middle.slowest) >= differing.path.time_s(0, 2 * 0.6 * 1.25e8));
    CHECK(sync_s(*middle.fastest) <= differing.path.time_s(0, 2 * 0.8 * 1.25e8));
}

TEST_CASE("links beyond those that were measured: the share that is reached goes on as it did") {
    std::string table = table_of({.reached = 0.6}, {{1}});
    table += table_of({.reached = 0.8}, {{4}}).substr(table.find('\n') + 1);
    const ClusterFit fit = fitted(table);
    const auto share = [&](const study::LinkSettings& links, double gbps) {
        return links.bandwidth_Bps / (gbps * 1.25e8);
    };
    const study::LinkCase below = study::links_of(fit, "--predict", "500Mbps");
    CHECK(below.is_extrapolated);
    CHECK_FALSE(study::links_of(fit, "--predict", "2Gbps").is_extrapolated);
    // 0.2 for a factor of 4, so 0.1 for one of 2; in proportion to the 0.6 and 0.8 of the ends.
    CHECK(share(below.expected, 0.5) == Approx(0.6 * std::exp(-0.1 / 0.6)));
    CHECK(share(study::links_of(fit, "--predict", "8Gbps").expected, 8) == Approx(0.8 * std::exp(0.1 / 0.8)));
    CHECK(share(study::links_of(fit, "--predict", "64Gbps").expected, 64) == Approx(1));
    REQUIRE((below.fastest && below.slowest));
    CHECK(fit.path.time_s(below.slowest->latency_s, below.slowest->bandwidth_Bps) >=
          fit.path.time_s(0, 0.5 * 1.25e8 * 0.6 * std::exp(-0.2 / 0.6)) * (1 - 1e-9));
    CHECK(fit.path.time_s(below.fastest->latency_s, below.fastest->bandwidth_Bps) <=
          fit.path.time_s(0, 0.5 * 1.25e8 * 0.6));

    const study::LinkCase beside_one =
        study::links_of(fitted(table_of({.reached = 0.6}, {{1}})), "", "2Gbps");
    CHECK(beside_one.is_extrapolated);
    CHECK(share(beside_one.expected, 2) == Approx(0.6));
}

TEST_CASE("one run has no scatter, whatever its times leave of each other") {
    const ClusterFit one = fitted(table_of({}, {{1}}, Columns::phases_and_wall, 1.01));
    CHECK(std::isnan(one.scatter));
    CHECK(one.degrees == 0);
    CHECK_FALSE(one.step_s.has_interval());
    CHECK_FALSE(one.links[0].bandwidth_Bps.has_interval());
    CHECK(fitted(table_of({}, {{1}, {1}}, Columns::phases_and_wall, 1.01)).degrees == 1);
}

TEST_CASE("the closed form is a step and its share of a synchronisation") {
    const Truth truth{.reached = 0.9};
    const std::string table = table_of(truth, {{1}});
    const MeasuredRuns measured = study::parse_measured_runs(table, "runs.csv");
    const ClusterFit fit = fitted(table);
    const auto requests =
        study::parse_predictions("local-sgd:4@1Gbps,allreduce,ddp,by-arrival", measured, fit);
    REQUIRE(requests.size() == 4);
    CHECK(requests[0].label() == "local-sgd:4");
    const double sync_s = truth.sync_s(1.25e8, 4);
    CHECK(*study::closed_form_of(requests[0], fit) == Approx(step_s + sync_s / 4));
    CHECK(*study::closed_form_of(requests[1], fit) == Approx(step_s + sync_s));
    CHECK_FALSE(study::closed_form_of(requests[2], fit));  // it overlaps
    CHECK_FALSE(study::closed_form_of(requests[3], fit));
    CHECK(study::parse_predictions("", measured, fit).size() == 7);  // six periods, and ddp
}

TEST_CASE("a period that is not finished has no synchronisation") {
    constexpr double alone_s = 2;
    constexpr double with_share_s = 3;                                             // of 8 s every 8 steps
    CHECK(study::wall_time_s(140, 8, with_share_s, alone_s) == 140 * 2 + 17 * 8);  // not 17.5
    CHECK(study::wall_time_s(136, 8, with_share_s, alone_s) == 136 * 3);
    CHECK(study::wall_time_s(7, 8, with_share_s, alone_s) == 7 * 2);
    CHECK(study::wall_time_s(7, 1, with_share_s, alone_s) == 7 * 3);

    const std::string header =
        "algorithm,period,bandwidth,steps_timed,wall_s_of_timed_steps,workers,parameters\n";
    const auto measured = study::parse_measured_runs(header + "diloco,8,1Gbps,140,1,4,10\n", "runs.csv");
    CHECK(measured.runs.front().syncs == 17);
}

TEST_CASE("what is no prediction is refused") {
    const std::string table = table_of({}, {{1}});
    const MeasuredRuns measured = study::parse_measured_runs(table, "runs.csv");
    const ClusterFit fit = fitted(table);
    const auto refused = [&](const char* text) {
        return refusal([&] { study::parse_predictions(text, measured, fit); });
    };
    CHECK_THAT(refused("local-sdg:4"), ContainsSubstring("did you mean local-sgd?"));
    CHECK_THAT(refused("local-sgd"), ContainsSubstring("local-sgd with its period"));
    CHECK_THAT(refused("ddp:4"), ContainsSubstring("ddp without a period"));
    CHECK_THAT(refused("local-sgd:0"), ContainsSubstring("--predict: given '0'"));
    const ClusterFit by_tree =
        study::fit_cluster(measured, "tree", 4);  // whose buckets are not simulated, and so do not overlap
    CHECK_THAT(
        refusal([&] { study::parse_predictions("allreduce,ddp@1Gbps", measured, by_tree); }),
        ContainsSubstring("--predict: given 'ddp@1Gbps'; allowed: with --collective tree methods that"));
    CHECK(study::parse_predictions("", measured, by_tree).size() == 6);  // six periods
    CHECK_THAT(refused("serial"), ContainsSubstring("--predict: given 'serial'"));
    CHECK_THAT(refused("ddp@wifi"),
               ContainsSubstring("--predict: given 'wifi'; allowed: links of the file (1Gbps)"));
}

TEST_CASE("what is no table of runs is refused") {
    const std::string header =
        "algorithm,period,bandwidth,steps_timed,compute_ms_median,sync_ms_median,"
        "wall_s_of_timed_steps,workers,parameters\n";
    for (const auto& [row, pattern] : std::vector<std::pair<std::string, std::string>>{
             {"", "runs.csv: it has no run below its header"},
             {"adam,8,1Gbps,80,1,1,1,4,10\n",
              "runs.csv: row 2: algorithm: given 'adam'; allowed: allreduce, sync-average"},
             {"ddp,1,1Gbps,80,1,1,1,4,10\n",
              "runs.csv: row 2: algorithm: given 'ddp'; allowed: allreduce, sync-average, "},
             {"ddp,1,1Gbps,80,1,1,1,4,10\n", "leave such rows out, or measure them without overlap"},
             {"gossip,8,1Gbps,80,1,1,1,4,10\n", "row 2: algorithm: given 'gossip'"},
             {"diloco,0,1Gbps,80,1,1,1,4,10\n", "row 2: period: given '0'"},
             {"diloco,8,,80,1,1,1,4,10\n", "row 2: bandwidth: given ''"},
             {"diloco,8,1Gbps,80,1,1,1,1,10\n", "row 2: workers: given '1'"},
             {"diloco,8,1Gbps,80,-1,1,1,4,10\n", "row 2: compute_ms_median: given '-1'"},
             {"diloco,8,1Gbps,80,1,,,4,10\n", "row 2: wall_s_of_timed_steps: given ''"},
             {"diloco,8,1Gbps,80,1,1,1,4,10\ndiloco,8,1Gbps,80,1,1,1,4,11\n",
              "row 3: parameters: given '11'; allowed: 10, as in the first run"},
             {"\ndiloco,8,1Gbps,80,1,1,1,4,10\n", "row 2 does not have the cells of its header"}})
        CHECK_THAT(refused_table(header + row), ContainsSubstring(pattern));
    CHECK_THAT(refused_table("period\n8\n"), ContainsSubstring("runs.csv: it has no column algorithm"));
    // Twice as many synchronisations in half the time.
    CHECK_THAT(refused_table(header + "diloco,8,1Gbps,80,,,10,4,10\ndiloco,4,1Gbps,80,,,5,4,10\n"),
               ContainsSubstring("runs.csv: the times of its runs do not go together"));
}

TEST_CASE("a table that a spreadsheet wrote is the same table") {
    const std::string table = table_of({}, {{1}, {5}});
    std::string written = "\xef\xbb\xbf";
    for (const char c : table) written += c == '\n' ? "\r\n" : std::string(1, c);
    CHECK(fitted(written).step_s.value == fitted(table).step_s.value);
    for (const std::string& other : {table + "\n", table + "\n\n\n", written + "\r\n\r\n"}) {
        CAPTURE(other);
        CHECK(fitted(other).step_s.value == fitted(table).step_s.value);
        CHECK(study::parse_measured_runs(other, "runs.csv").runs.size() == 2);
    }
}

TEST_CASE("methods go by many names") {
    for (const char* name : {"localsgd", "local-sgd", "Local_SGD"})
        CHECK(study::find_fitted_method(name)->name() == "local-sgd");
    CHECK(study::find_fitted_method("DDP")->name() == "ddp");
    CHECK(study::find_fitted_method("DiLoCo")->sums_all_parameters());
    CHECK_FALSE(study::find_fitted_method("by-arrival")->sums_all_parameters());
    CHECK_FALSE(study::find_fitted_method("nothing"));
}

}  // namespace lockstep::test::fit
