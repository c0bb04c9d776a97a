#include "study/report/timeline_chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"
#include "study/report/shown_ranks.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;
using events::Activity;
using events::Span;
using events::Timeline;
using events::Track;

constexpr double units = 1e8;  ///< of time in a run
constexpr std::size_t overview_bins = 200;
constexpr std::array<std::size_t, 4> coarser{40, 16, 4, 1};  ///< bins of a level in terms of the finest
constexpr std::size_t other = drawn_activities.size() - 1;

/// done_activity for what takes no time.
std::size_t code_of(Activity activity) {
    switch (activity) {
        case Activity::compute:
            return 0;
        case Activity::wait:
            return 1;
        case Activity::receive:
            return 2;
        case Activity::send:
            return 3;
        case Activity::collective:
            return 4;
        case Activity::apply:
        case Activity::evaluate:
            break;
    }
    return done_activity;
}

bool is_drawn(const Span& span) {
    return code_of(span.activity) != done_activity && span.end_s > span.begin_s;
}

double end_of(const Timeline& timeline) {
    double end_s = 0;
    for (const Track& track : timeline.tracks) {
        end_s = std::max(end_s, track.end_s);
        for (const Span& span : track.spans) end_s = std::max(end_s, span.end_s);
    }
    return end_s;
}

/// Bins of a coarser level: so many of the finer ones each.
ActivityBins merged(const ActivityBins& bins, std::size_t factor) {
    ActivityBins result(bins.size() / factor);
    for (std::size_t i = 0; i < result.size() * factor; ++i)
        for (std::size_t activity = 0; activity < drawn_activities.size(); ++activity)
            result[i / factor][activity] += bins[i][activity];
    return result;
}

/// [code, number of bins, code, number ...]
Json run_lengths(const std::vector<std::size_t>& codes) {
    Json runs = Json::array();
    for (std::size_t begin = 0; begin < codes.size();) {
        std::size_t end = begin;
        while (end < codes.size() && codes[end] == codes[begin]) ++end;
        runs.push_back(codes[begin]);
        runs.push_back(end - begin);
        begin = end;
    }
    return runs;
}

/// Which tracks have rows.
std::vector<const Track*> shown_tracks(const Timeline& timeline) {
    std::size_t servers = 0;
    for (const Track& track : timeline.tracks) servers += track.is_server ? 1 : 0;
    std::vector<const Track*> tracks;
    for (const std::size_t place : shown_ranks(timeline.tracks.size(), servers))
        tracks.push_back(&timeline.tracks[place]);
    return tracks;
}

/// Up to when all spans of these tracks are within the budget.
double full_until(const std::vector<const Track*>& tracks, std::size_t budget, double end_s) {
    std::vector<double> begins_s;
    for (const Track* track : tracks)
        for (const Span& span : track->spans)
            if (is_drawn(span)) begins_s.push_back(span.begin_s);
    if (begins_s.size() <= budget) return end_s;
    const auto last = begins_s.begin() + static_cast<std::ptrdiff_t>(budget);
    std::ranges::nth_element(begins_s, last);
    return std::clamp(*last, 0.0, end_s);
}

/// [begin after the end before, length, activity, partner, round ...] in units.
Json span_row(const Track& track, double until_s, double unit_s) {
    Json row = Json::array();
    std::int64_t at = 0;
    for (const Span& span : track.spans) {
        if (!is_drawn(span)) continue;
        if (span.begin_s >= until_s) break;
        const std::int64_t begin = std::max<std::int64_t>(at, std::llround(span.begin_s / unit_s));
        const std::int64_t end = std::max<std::int64_t>(begin, std::llround(span.end_s / unit_s));
        row.push_back(begin - at);
        row.push_back(end - begin);
        row.push_back(code_of(span.activity));
        row.push_back(span.peer == events::no_peer ? -1 : static_cast<std::int64_t>(span.peer));
        row.push_back(span.round);
        at = end;
    }
    return row;
}

/// The mean over all ranks of each activity's share of each bin, to four digits.
Json overview(const std::vector<ActivityBins>& ranks, double bin_s) {
    constexpr double digits = 1e4;
    Json shares = Json::array();
    for (std::size_t activity = 0; activity < drawn_activities.size(); ++activity) {
        Json row = Json::array();
        for (std::size_t bin = 0; bin < overview_bins; ++bin) {
            double sum_s = 0;
            for (const ActivityBins& bins : ranks) sum_s += bins[bin][activity];
            row.push_back(std::round(digits * sum_s / (bin_s * static_cast<double>(ranks.size()))) / digits);
        }
        shares.push_back(std::move(row));
    }
    return shares;
}

HtmlTable totals_table(const Timeline& timeline, double end_s) {
    HtmlTable table{"What each rank did", {{"Rank", false}, {"Done at"}, {"Spans"}}, {}};
    for (const std::string_view activity : drawn_activities) table.columns.push_back({std::string(activity)});
    for (const Track& track : timeline.tracks) {
        const auto drawn = static_cast<std::size_t>(std::ranges::count_if(track.spans, is_drawn));
        std::vector<HtmlCell> row{rank_name(track.rank, track.is_server), time_cell(track.end_s),
                                  count_cell(drawn)};
        const ActivityBins whole = activity_bins(track, end_s, 1);
        for (const double total_s : whole.front()) row.push_back(time_cell(std::max(total_s, 0.0)));
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string description(const Timeline& timeline, const Json& data) {
    const double unit_s = data["unit_s"].get<double>();
    const double full_s = unit_s * data["detail_end"].get<double>();
    std::string text = fmt::format(
        "what each rank did when, from 0 to {}. Click or drag in the overview to choose a window, or focus "
        "it: "
        "arrow keys move, + and - zoom, Home and End go to the ends, Escape shows all.",
        base::format_time(unit_s * data["end"].get<double>()));
    if (data["detail_end"] != data["end"])
        text += fmt::format(
            " Up to {} a narrow window shows every span; after that, bins with what a rank mostly did.",
            base::format_time(full_s));
    if (data["ranks"].size() < timeline.tracks.size())
        text += fmt::format(" {} of {} ranks are drawn; the overview and the table are of all.",
                            data["ranks"].size(), timeline.tracks.size());
    if (!timeline.simulated) text += " " + events::text_of(timeline.clocks);
    return text;
}

}  // namespace

ActivityBins activity_bins(const Track& track, double end_s, std::size_t bins) {
    ActivityBins result(bins);
    const double width_s = end_s / static_cast<double>(bins);
    if (!(width_s > 0)) return result;
    const auto bin_at = [&](double at_s) {
        return std::min(static_cast<std::size_t>(std::max(at_s, 0.0) / width_s), bins - 1);
    };
    const auto add = [&](double begin_s, double finish_s, std::size_t activity) {
        for (std::size_t bin = bin_at(begin_s); bin <= bin_at(finish_s); ++bin) {
            const double low_s = std::max(begin_s, static_cast<double>(bin) * width_s);
            const double high_s = std::min(finish_s, static_cast<double>(bin + 1) * width_s);
            result[bin][activity] += std::max(high_s - low_s, 0.0);
        }
    };
    add(0, track.end_s, other);  // from which all that is known is taken
    for (const Span& span : track.spans)
        if (is_drawn(span)) add(span.begin_s, span.end_s, code_of(span.activity));
    for (auto& bin : result) {
        double known_s = 0;
        for (std::size_t activity = 0; activity < other; ++activity) known_s += bin[activity];
        bin[other] = std::max(bin[other] - known_s, 0.0);
    }
    return result;
}

std::vector<std::size_t> dominant(const ActivityBins& bins, double bin_s) {
    std::vector<std::size_t> codes;
    for (const auto& bin : bins) {
        double known_s = 0;
        for (const double part_s : bin) known_s += part_s;
        const auto* const most = std::ranges::max_element(bin);
        codes.push_back(*most > 0 && *most >= bin_s - known_s ? static_cast<std::size_t>(most - bin.begin())
                                                              : done_activity);
    }
    return codes;
}

Json timeline_data(const Timeline& timeline, const TimelineDetail& detail) {
    const double end_s = std::max(end_of(timeline), std::numeric_limits<double>::min());
    const double unit_s = end_s / units;
    const double bin_s = end_s / static_cast<double>(detail.bins);
    std::vector<ActivityBins> coarse;
    for (const Track& track : timeline.tracks) coarse.push_back(activity_bins(track, end_s, overview_bins));
    const std::vector<const Track*> tracks = shown_tracks(timeline);
    Json levels = Json::array();
    for (const std::size_t factor : coarser)
        levels.push_back({{"bins", detail.bins / factor}, {"rows", Json::array()}});
    const double until_s = full_until(tracks, detail.spans, end_s);
    Json ranks = Json::array();
    Json spans = Json::array();
    for (const Track* track : tracks) {
        ranks.push_back(rank_name(track->rank, track->is_server));
        spans.push_back(span_row(*track, until_s, unit_s));
        const ActivityBins fine = activity_bins(*track, end_s, detail.bins);
        for (std::size_t i = 0; i < coarser.size(); ++i)
            levels[i]["rows"].push_back(
                run_lengths(dominant(merged(fine, coarser[i]), bin_s * static_cast<double>(coarser[i]))));
    }
    return {
        {"kind", "timeline"},
        {"time_title", timeline.simulated ? "simulated time (s)" : "time (s)"},
        {"unit_s", unit_s},
        {"end", static_cast<std::uint64_t>(units)},
        {"detail_end", static_cast<std::uint64_t>(until_s >= end_s ? units : std::floor(until_s / unit_s))},
        {"activities", drawn_activities},
        {"ranks", std::move(ranks)},
        {"overview", overview(coarse, end_s / overview_bins)},
        {"levels", std::move(levels)},
        {"spans", std::move(spans)}};
}

void add_timeline_chart(ReportPage& page, const Timeline& timeline) {
    if (timeline.tracks.empty()) return;
    Chart chart{"Timeline", "", timeline_data(timeline), true};
    chart.description = description(timeline, chart.data);
    page.begin_part("Timeline");
    page.add_chart(chart, totals_table(timeline, end_of(timeline)));
}

}  // namespace lockstep::study
