#include "tests/cli/event_checks.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "base/file.hpp"
#include "tests/support/catch.hpp"

namespace lockstep::test {

namespace fs = std::filesystem;
using events::Activity;

namespace {

/// Of the time since the rank's start, that of its copying too, what no span covers.
double uncovered_s(const events::Track& track, const result::Worker& worker) {
    double sum_s = 0;
    double until_s = track.end_s - worker.elapsed_s - worker.copying_s;
    for (const events::Span& span : track.spans) {
        sum_s += std::max(span.begin_s - until_s, 0.0);
        until_s = std::max(until_s, span.end_s);
    }
    return sum_s + track.end_s - until_s;
}

/// Spans have their lengths by their rank's clock; stretched to rank 0's, by two readings that a busy machine
/// makes inexact, they would not fill the same time. By the first reading alone they are only shifted, as far
/// as the origins of the clocks are apart (a process's own with Open MPI 5).
std::vector<events::RankEvents> unstretched(std::vector<events::RankEvents> ranks) {
    for (events::RankEvents& rank : ranks) {
        const auto first = std::ranges::find(rank.events, events::Kind::clock, &events::Event::kind);
        for (events::Event& event : rank.events)
            if (event.kind == events::Kind::clock) event.end_s = first->end_s;
    }
    return ranks;
}

}  // namespace

std::map<std::pair<std::size_t, std::string>, double> totals_in(const fs::path& file) {
    std::map<std::pair<std::size_t, std::string>, double> totals;
    std::istringstream lines(base::read_file(file));
    std::string line;
    std::getline(lines, line);
    REQUIRE(line == "rank,activity,peer,number,total_s,bytes");
    while (std::getline(lines, line)) {
        std::vector<std::string> cells;
        std::istringstream rest(line);
        for (std::string cell; std::getline(rest, cell, ',');) cells.push_back(cell);
        REQUIRE(cells.size() == 6);
        totals[{std::stoul(cells[0]), cells[1]}] += std::stod(cells[4]);
    }
    return totals;
}

Sums sums_of(const events::Track& track) {
    Sums sums;
    for (const events::Span& span : track.spans) {
        if (span.activity == Activity::compute) sums.compute_s += span.duration_s();
        if (span.activity == Activity::wait) sums.wait_s += span.duration_s();
        const bool is_transfer = span.activity == Activity::send || span.activity == Activity::receive ||
                                 span.activity == Activity::collective;
        if (is_transfer) sums.transfer_s += span.duration_s();
    }
    return sums;
}

void check_times(const std::vector<events::RankEvents>& ranks, const result::Result& result,
                 double tolerance) {
    const events::Timeline timeline = events::make_timeline(ranks);
    const events::Timeline by_own_clocks = events::make_timeline(unstretched(ranks));
    REQUIRE(timeline.tracks.size() == result.workers.size());
    for (const events::Track& track : timeline.tracks) {
        const result::Worker& worker = result.workers[track.rank];
        const Sums sums = sums_of(track);
        const double margin_s = timeline.simulated ? tolerance : tolerance * worker.elapsed_s;
        CAPTURE(track.rank, margin_s);
        CHECK(track.complete);
        CHECK(track.is_server == worker.is_server);
        CHECK(sums.compute_s == Approx(worker.compute_s).epsilon(0).margin(margin_s));
        CHECK(sums.wait_s == Approx(worker.wait_s).epsilon(0).margin(margin_s));
        CHECK(sums.transfer_s == Approx(worker.transfer_s).epsilon(0).margin(margin_s));
        CHECK(uncovered_s(by_own_clocks.tracks[track.rank], worker) ==
              Approx(worker.other_s + worker.copying_s).epsilon(0).margin(margin_s));
        CHECK(worker.other_s >= -margin_s);
    }
}

void check_elapsed(const std::vector<events::RankEvents>& ranks, const result::Result& result) {
    for (const events::RankEvents& rank : ranks) {
        const auto end = std::ranges::find(rank.events, events::Kind::end, &events::Event::kind);
        CAPTURE(rank.header.rank);
        REQUIRE(end != rank.events.end());
        const result::Worker& worker = result.workers[rank.header.rank];
        const double elapsed_s = end->begin_s - rank.header.start_s - worker.copying_s;
        CHECK(elapsed_s == Approx(worker.elapsed_s).epsilon(0).margin(1e-9));
    }
}

void check_clocks(const std::vector<events::RankEvents>& ranks) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::map<std::uint64_t, double>> sent_s;
    const auto on_rank_0_s = [&](const events::RankEvents& rank, double local_s) {
        return local_s + rank.events.front().end_s;
    };
    const auto number = [](const events::RankEvents& rank) {
        return static_cast<std::uint32_t>(rank.header.rank);
    };
    for (const events::RankEvents& rank : ranks)
        for (const events::Event& event : rank.events)
            if (event.kind == events::Kind::send_started)
                sent_s[{number(rank), event.peer}][event.sequence] = on_rank_0_s(rank, event.begin_s);
    std::size_t too_early = 0;
    for (const events::RankEvents& rank : ranks)
        for (const events::Event& event : rank.events) {
            if (event.kind != events::Kind::arrived) continue;
            const double uncertainty_s =
                1e-9 *
                static_cast<double>(rank.events.front().sequence + ranks[event.peer].events.front().sequence);
            const double began_s = sent_s.at({event.peer, number(rank)}).at(event.sequence);
            too_early += on_rank_0_s(rank, event.begin_s) < began_s - uncertainty_s ? 1U : 0U;
        }
    CHECK(too_early == 0);
}

void check_bytes(const std::vector<events::RankEvents>& ranks, const result::Result& result) {
    std::uint64_t sent = 0;
    std::uint64_t arrived = 0;
    std::uint64_t messages = 0;
    for (const events::RankEvents& rank : ranks) {
        std::uint64_t by_rank = 0;
        for (const events::Event& event : rank.events) {
            if (event.kind == events::Kind::arrived) arrived += event.bytes;
            if (event.kind != events::Kind::send_started) continue;
            by_rank += event.bytes;
            ++messages;
        }
        CHECK(by_rank == result.workers[rank.header.rank].bytes_sent);
        sent += by_rank;
    }
    CHECK(messages == result.summary.messages);
    CHECK(sent == result.summary.bytes);
    CHECK(sent == result.summary.predicted_bytes);
    CHECK(sent == arrived);
}

void check_updates(const std::vector<events::RankEvents>& ranks, const result::Result& result) {
    std::map<std::uint64_t, std::uint64_t> staleness;
    for (const events::RankEvents& rank : ranks)
        for (const events::Event& event : rank.events)
            if (event.kind == events::Kind::apply) ++staleness[event.staleness];
    const std::map<std::uint64_t, std::uint64_t> expected(result.staleness.begin(), result.staleness.end());
    CHECK(staleness == expected);
}

void check_rounds(const events::Timeline& timeline, const result::Result& result) {
    for (const events::Track& track : timeline.tracks) {
        std::map<std::uint64_t, double> computing_s;
        for (const events::Span& span : track.spans)
            if (span.activity == Activity::compute && span.phase == events::Phase::training)
                computing_s[span.round] += span.duration_s();
        const std::uint64_t steps = result.workers[track.rank].steps;
        CAPTURE(track.rank);
        CHECK(computing_s.size() == steps);
        if (steps > 0) CHECK(computing_s.rbegin()->first == steps - 1);
    }
}

void check_no_overlap(const events::Timeline& timeline, double margin_s) {
    std::size_t overlaps = 0;
    for (const events::Track& track : timeline.tracks) {
        double until_s = std::numeric_limits<double>::lowest();  // a real rank may start before rank 0
        for (const events::Span& span : track.spans) {
            if (span.duration_s() == 0) continue;
            overlaps += span.begin_s < until_s - margin_s ? 1 : 0;
            until_s = std::max(until_s, span.end_s);
        }
    }
    CHECK(overlaps == 0);
}

void check_activities(const events::Timeline& timeline, const fs::path& file) {
    auto totals = totals_in(file);
    for (const events::Track& track : timeline.tracks) {
        std::map<Activity, double> sums;
        for (const events::Span& span : track.spans) sums[span.activity] += span.duration_s();
        for (const auto& [activity, sum_s] : sums) {
            const std::string name(events::name(activity));
            CAPTURE(track.rank, name);
            const double margin_s = timeline.simulated ? 1e-9 : 0.01 * track.end_s;
            CHECK(totals[{track.rank, name}] == Approx(sum_s).epsilon(0).margin(margin_s));
        }
    }
}

}  // namespace lockstep::test
