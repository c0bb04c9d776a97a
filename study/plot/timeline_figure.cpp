#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "study/plot/figures.hpp"
#include "study/timeline_bins.hpp"

namespace lockstep::study {
namespace {

constexpr std::size_t most_spans = 20'000;
constexpr std::size_t most_figure_bins = 8'000;  // of all ranks together
constexpr double half_height = 0.4;

/// Boxes of each use: begin, end, upper and lower edge. The axis of ranks points downwards.
using Boxes = std::array<std::vector<std::vector<double>>, use_count>;

Boxes exact_boxes(const events::Timeline& timeline) {
    Boxes boxes;
    for (const events::Track& track : timeline.tracks)
        for (const events::Span& span : track.spans) {
            if (span.end_s <= span.begin_s) continue;
            const auto row = static_cast<double>(track.rank);
            boxes[static_cast<std::size_t>(use_of(span.activity))].push_back(
                {span.begin_s, span.end_s, row - half_height, row + half_height});
        }
    return boxes;
}

/// For each stretch of time a column, as high as the part of it that the rank lived, divided by use.
Boxes stacked_boxes(const events::Timeline& timeline, double end_s) {
    Boxes boxes;
    const std::size_t bins = std::clamp<std::size_t>(most_figure_bins / timeline.tracks.size(), 40, 400);
    const double bin_s = end_s / static_cast<double>(bins);
    for (const events::Track& track : timeline.tracks) {
        const std::vector<Shares> shares = binned(track, bins, bin_s);
        for (std::size_t i = 0; i < bins; ++i) {
            double edge = static_cast<double>(track.rank) + half_height;
            for (std::size_t use = 0; use < use_count; ++use) {
                if (shares[i][use] <= 0) continue;
                const double upper = edge - 2 * half_height * shares[i][use] / bin_s;
                boxes[use].push_back(
                    {static_cast<double>(i) * bin_s, static_cast<double>(i + 1) * bin_s, upper, edge});
                edge = upper;
            }
        }
    }
    return boxes;
}

}  // namespace

void draw_timeline(GnuplotScript& script, std::span<const RunFolder> runs) {
    if (runs.size() > 1)
        throw base::InputError("--figure timeline", fmt::format("{} runs", runs.size()), "one run",
                               "draw a figure for each");
    const RunFolder& run = runs.front();
    require_timeline(run);
    const events::Timeline& timeline = *run.timeline;
    std::size_t spans = 0;
    double end_s = 0;
    for (const events::Track& track : timeline.tracks) {
        spans += track.spans.size();
        end_s = std::max(end_s, track.end_s);
    }
    const Boxes boxes = spans > most_spans ? stacked_boxes(timeline, end_s) : exact_boxes(timeline);
    script.title(run.name);
    script.axes("time (s)", "rank");
    script.command(fmt::format("set xrange [0:{}]", end_s));
    script.command(fmt::format("set yrange [{}.5:-0.5]", timeline.tracks.size() - 1));
    if (timeline.tracks.size() <= 24) script.command("set ytics 1");
    script.command("unset grid");
    constexpr std::array names{"compute", "wait", "transfer", "other"};
    for (std::size_t use = 0; use < use_count; ++use) {
        if (boxes[use].empty()) continue;
        script.plot(fmt::format("{} using (($1+$2)/2):(($3+$4)/2):1:2:3:4 with boxxyerror fs solid 1 "
                                "noborder fc rgb {}",
                                script.data(boxes[use]), colour(use)),
                    names[use]);
    }
}

}  // namespace lockstep::study
