#include "study/report/timeline_chart.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/study/report/runs.hpp"

namespace test_timeline {

using namespace lockstep;
using namespace lockstep::study;
using events::Activity;
using test::span;
using test::track;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t compute = 0;
constexpr std::size_t wait = 1;
constexpr std::size_t receive = 2;
constexpr std::size_t other = 5;

/// Computes from 0 to 3 s, waits until 4 s, receives until 5 s; is done at 8 s of 10 s.
const events::Track example =
    track(0, 8, {span(0, 3, Activity::compute), span(3, 4, Activity::wait), span(4, 5, Activity::receive)});

events::Timeline timeline_of(std::vector<events::Track> tracks) {
    events::Timeline timeline;
    timeline.simulated = true;
    timeline.tracks = std::move(tracks);
    return timeline;
}

/// So many spans of 0.5 s with 0.5 s between.
events::Track busy(std::size_t rank, std::size_t spans) {
    std::vector<events::Span> all;
    for (std::size_t i = 0; i < spans; ++i)
        all.push_back(span(static_cast<double>(i), static_cast<double>(i) + 0.5, Activity::compute, i));
    return track(rank, static_cast<double>(spans), std::move(all));
}

double sum_of_lengths(const Json& row) {
    double sum = 0;
    for (std::size_t i = 1; i < row.size(); i += 2) sum += row[i].get<double>();
    return sum;
}

}  // namespace

TEST_CASE("bins divide each activity, and the rest until the rank is done") {
    const ActivityBins bins = activity_bins(example, 10, 5);
    CHECK(bins[0][compute] == Approx(2));
    CHECK(bins[1][compute] == Approx(1));
    CHECK(bins[1][wait] == Approx(1));
    CHECK(bins[2][receive] == Approx(1));
    CHECK(bins[2][other] == Approx(1));
    CHECK(bins[3][other] == Approx(2));
    CHECK(bins[4][other] == Approx(0));
}

TEST_CASE("bins add up to the spans whatever their number is") {
    for (const std::size_t count : {1u, 3u, 7u, 80u, 2000u}) {
        std::array<double, drawn_activities.size()> sums{};
        for (const auto& bin : activity_bins(example, 10, count))
            for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += bin[i];
        CHECK(sums[compute] == Approx(3));
        CHECK(sums[wait] == Approx(1));
        CHECK(sums[receive] == Approx(1));
        CHECK(sums[other] == Approx(3));
    }
}

TEST_CASE("a bin shows what took most of it, and nothing once the rank is done") {
    CHECK(dominant(activity_bins(example, 10, 5), 2) ==
          std::vector<std::size_t>{compute, compute, receive, other, done_activity});
}

TEST_CASE("a timeline within the budget has every span, and reads back to its times") {
    const std::vector<events::Track> tracks{example, busy(1, 4)};  // without and with gaps
    const Json data = timeline_data(timeline_of(tracks));
    CHECK(data["detail_end"] == data["end"]);
    const double unit_s = data["unit_s"].get<double>();
    for (std::size_t rank = 0; rank < tracks.size(); ++rank) {
        const Json& row = data["spans"][rank];
        REQUIRE(row.size() == 5 * tracks[rank].spans.size());
        double at_s = 0;
        for (std::size_t i = 0; i < tracks[rank].spans.size(); ++i) {
            const events::Span& expected = tracks[rank].spans[i];
            at_s += unit_s * row[5 * i].get<double>();
            CHECK(at_s == Approx(expected.begin_s).margin(1e-6));
            at_s += unit_s * row[5 * i + 1].get<double>();
            CHECK(at_s == Approx(expected.end_s));
            CHECK(row[5 * i + 2] == (rank == 0 ? i : compute));
            CHECK(row[5 * i + 4] == expected.round);
        }
    }
}

TEST_CASE("beyond the budget spans are left out from one moment on, for all ranks alike") {
    const Json data = timeline_data(timeline_of({busy(0, 1000), busy(1, 1000)}), {2000, 500});
    CHECK(data["spans"][0].size() == 5 * 250);
    CHECK(data["spans"][1].size() == 5 * 250);
    CHECK(data["detail_end"].get<double>() / data["end"].get<double>() == Approx(0.25));
}

TEST_CASE("every level of bins covers the whole run") {
    const Json data = timeline_data(timeline_of({busy(0, 100), example}));
    REQUIRE(data["levels"].size() == 4);
    for (const Json& level : data["levels"])
        for (const Json& row : level["rows"]) CHECK(sum_of_lengths(row) == level["bins"].get<double>());
    CHECK(data["levels"][3]["bins"] == 2000);
}

TEST_CASE("the overview is the mean share of all ranks") {
    const Json data = timeline_data(timeline_of(
        {track(0, 4, {span(0, 4, Activity::compute)}), track(1, 4, {span(0, 2, Activity::wait)})}));
    CHECK(data["overview"][compute][0].get<double>() == Approx(0.5));
    CHECK(data["overview"][wait][0].get<double>() == Approx(0.5));
    CHECK(data["overview"][wait][199].get<double>() == Approx(0));
    CHECK(data["overview"][other][199].get<double>() == Approx(0.5));
}

TEST_CASE("of very many ranks some are drawn, and all are in the overview") {
    std::vector<events::Track> tracks;
    for (std::size_t rank = 0; rank < 300; ++rank) tracks.push_back(busy(rank, 2));
    tracks.back().is_server = true;
    const Json data = timeline_data(timeline_of(std::move(tracks)));
    CHECK(data["ranks"].size() == 128);
    CHECK(data["ranks"].back() == "server 299");
    CHECK(data["spans"].size() == 128);
}

TEST_CASE("a run without time is no division by zero") {
    const Json data = timeline_data(timeline_of({track(0, 0, {})}));
    CHECK(data["spans"][0].empty());
}

}  // namespace test_timeline
