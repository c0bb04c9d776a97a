#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "study/validate/against/intervention.hpp"
#include "tests/support/catch.hpp"
#include "validation_runs.hpp"

namespace test_intervention {

using namespace lockstep::study;
using Catch::Matchers::ContainsSubstring;
using lockstep::test::run_of;
using Times = std::vector<double>;

namespace {

constexpr Criteria criteria{5, 5, 1000};

std::vector<Run> runs(const Times& times_s) {
    std::vector<Run> all;
    for (const double time_s : times_s) all.push_back(run_of(time_s));
    return all;
}

/// Measured times of both sides, then simulated ones; 10 % are tolerated.
Intervention found(const Times& given_s, const Times& changed_s, const Times& given_simulated_s,
                   const Times& changed_simulated_s) {
    return intervene(assess(runs(given_s), runs(given_simulated_s), criteria),
                     assess(runs(changed_s), runs(changed_simulated_s), criteria),
                     {{"straggler", "", "worker=1,factor=4"}}, 10);
}

Verdict verdict(const Times& given_s, const Times& changed_s, double simulated_difference_s) {
    return found(given_s, changed_s, {100}, {100 + simulated_difference_s}).verdict();
}

}  // namespace

TEST_CASE("differences are those of pairs, so that what drifts falls out of them") {
    const TimeDifference difference = time_difference(Times{100, 110, 130}, Times{150, 161, 179});
    CHECK(difference.values.median == 50);
    CHECK(difference.values.least == 49);
    CHECK(difference.interval.low == 49);
    CHECK(difference.interval.high == 51);
    CHECK_FALSE(difference.may_be_none());
    CHECK(time_difference(Times{10}, Times{9, 11}).may_be_none());
    CHECK(time_difference(Times{10}, Times{12, 13, 15}).values.median == 3);
}

TEST_CASE("of up to eight pairs the interval is the range, of more it leaves out what chance brings") {
    CHECK(median_interval({3, 1, 2}).low == 1);
    CHECK(median_interval({3, 1, 2}).high == 3);
    CHECK(median_interval({7}).half_width() == 0);
    const auto of_first = [](int count) {
        std::vector<double> values;
        for (int i = 1; i <= count; ++i) values.push_back(i);
        return median_interval(values);
    };
    CHECK(of_first(8).low == 1);
    CHECK(of_first(9).low == 2);  // 1 - 2 (1 + 9) / 2^9 = 0.961
    CHECK(of_first(9).high == 8);
    CHECK(of_first(12).low == 3);  // 1 - 2 (1 + 12 + 66) / 2^12 = 0.961
    CHECK(of_first(12).high == 10);
    CHECK(of_first(100).low == 41);
    CHECK(std::isnan(median_interval({}).low));
}

TEST_CASE("a simulated difference that is right passes, whatever the times themselves are off by") {
    const Intervention right = found({100}, {150}, {80}, {130});
    CHECK(right.error_percent == 0);
    CHECK(right.verdict() == Verdict::pass);
    CHECK(right.given.figures.front().verdict == Verdict::fail);
    CHECK_FALSE(right.noise_percent);
    CHECK(verdict({100}, {150}, 55) == Verdict::pass);
    CHECK(verdict({100}, {150}, 45) == Verdict::pass);
    CHECK(verdict({100}, {150}, 55.1) == Verdict::fail);
    CHECK(verdict({100}, {150}, -50) == Verdict::fail);
}

TEST_CASE("a difference that pairs do not know to within the tolerance is inconclusive or fails") {
    const Times given{100, 100, 100};
    const Times noisy{144, 150, 156};  // 50 s, known to 6 s: of 10 %, 5 s
    CHECK(verdict(given, noisy, 50) == Verdict::inconclusive);
    CHECK(verdict(given, noisy, 61) == Verdict::inconclusive);
    CHECK(verdict(given, noisy, 61.1) == Verdict::fail);
    CHECK(*found(given, noisy, {100}, {150}).noise_percent == Approx(12));
    CHECK(verdict(given, {145, 150, 155}, 50) == Verdict::pass);
}

TEST_CASE("a simulated difference that draws leave open counts with its own interval") {
    const Times given{100, 100, 100};
    const Times fifty{150, 150, 150};
    const Intervention open = found(given, fifty, given, {150, 165, 170});
    CHECK(open.verdict() == Verdict::inconclusive);
    CHECK(*open.noise_percent == Approx(20));
    CHECK(found(given, fifty, given, {155, 165, 170}).verdict() == Verdict::inconclusive);
    CHECK(found(given, fifty, given, {155.1, 165, 170}).verdict() == Verdict::fail);
    CHECK(found(given, fifty, given, {148, 151, 152}).verdict() == Verdict::pass);
    CHECK(found({100}, {150}, given, {150, 165, 170}).verdict() == Verdict::inconclusive);
}

TEST_CASE("where neither world shows a difference there is none to be off by") {
    const Times given{100, 100, 100};
    const Times alike{98, 101, 103};  // within 5 s, the time tolerance
    const Intervention none = found(given, alike, {100}, {102});
    CHECK(none.has_none);
    CHECK(none.verdict() == Verdict::pass);
    CHECK(verdict(given, alike, 0) == Verdict::pass);
    CHECK(verdict(given, alike, 3.7) == Verdict::fail);
    CHECK(found(given, alike, {100, 100}, {97, 107}).verdict() == Verdict::pass);  // both may be none
    CHECK(verdict({100}, {100}, 0) == Verdict::pass);
    CHECK(verdict({100}, {100}, 0.1) == Verdict::fail);
}

TEST_CASE("a difference that might be none and might be much is inconclusive") {
    const Times given{100, 100, 100};
    const Times wild{80, 101, 140};
    CHECK(verdict(given, wild, 0) == Verdict::inconclusive);
    CHECK_FALSE(found(given, wild, {100}, {100}).has_none);
    CHECK(verdict(given, wild, 40) == Verdict::inconclusive);  // which a pair was
    CHECK(verdict(given, wild, 40.2) == Verdict::fail);
}

TEST_CASE("other parameters fail, whatever the difference") {
    Validation given = assess(runs({100}), runs({100}), criteria);
    std::vector<Run> other = runs({150});
    other.front().result->summary.parameters_digest = "other";
    const Intervention mixed = intervene(std::move(given), assess(runs({150}), std::move(other), criteria),
                                         {{"lr", "1", "0.5"}}, 10);
    CHECK(mixed.of_difference == Verdict::pass);
    CHECK(mixed.verdict() == Verdict::fail);
    CHECK_THAT(to_text(mixed), ContainsSubstring("Parameters of the changed side differ.") &&
                                   ContainsSubstring("\nFAIL: the parameters are not the same"));
}

TEST_CASE("the text has both sides, the difference with its interval, and the verdict") {
    const std::string text = to_text(found({100, 100, 101}, {150, 151, 150}, {100}, {150}));
    CHECK_THAT(text, ContainsSubstring("with straggler = worker=1,factor=4") &&
                         ContainsSubstring(" 3 pairs of real runs, 1 of simulated ones; medians\n"));
    CHECK_THAT(text, ContainsSubstring("as given") && ContainsSubstring("changed") &&
                         ContainsSubstring("difference") && ContainsSubstring("Noise floor: 2.0 % of") &&
                         ContainsSubstring("half the interval of 3 pairs (level 75 %)."));
    CHECK_THAT(text,
               ContainsSubstring("\nPASS: the simulated difference is within 10 % of the measured one.\n"));
    CHECK_THAT(to_text(found({100}, {150}, {100}, {160})),
               ContainsSubstring("\nFAIL: the simulated difference is off by +20.0 %"));
    CHECK_THAT(to_text(found({100}, {100}, {100}, {100})),
               ContainsSubstring("\nPASS: neither world shows a difference.\n"));
    const Times three{100, 100, 100};
    CHECK_THAT(to_text(found(three, {98, 101, 103}, {100}, {102})),
               ContainsSubstring("\nPASS: the measured difference may be none, and the simulated one lies "
                                 "within\n  its interval.\n"));
    CHECK_THAT(to_text(found(three, {98, 101, 103}, {100, 100}, {97, 107})),
               ContainsSubstring("\nPASS: neither world shows a difference.\n"));
}

TEST_CASE("the table and all that stands below it keep to 80 columns") {
    const Times given{0.1001, 0.1002, 0.1003};
    const std::string text = to_text(found(given, {0.2521, 0.3022, 0.3923}, given, {0.1281, 0.2312, 0.2913}));
    CHECK_THAT(text, ContainsSubstring("\nINCONCLUSIVE: "));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK(line.size() <= 80);
    }
}

}  // namespace test_intervention
