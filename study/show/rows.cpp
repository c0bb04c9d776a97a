#include "study/show/rows.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/units.hpp"

namespace lockstep::study {
namespace {

constexpr std::size_t most_shown = 16;
constexpr std::size_t figures_width = 41;  // "   21.4 %        78.7 %   56.6 %   22.1 %"
constexpr std::size_t narrow = 76;         // below that figures have no room beside a bar

/// The places of at most most_shown rows of `count`, with one gap.
std::vector<std::optional<std::size_t>> shown_rows(std::size_t count) {
    std::vector<std::optional<std::size_t>> rows;
    for (std::size_t i = 0; i < count; ++i) {
        if (count > most_shown && i == most_shown / 2) {
            rows.emplace_back();
            i = count - most_shown / 2;
        }
        rows.emplace_back(i);
    }
    return rows;
}

/// Of a file that may say anything: 0 where it is not known.
double known_elapsed_s(const result::Worker& worker) {
    return std::isfinite(worker.elapsed_s) ? std::max(worker.elapsed_s, 0.0) : 0.0;
}

std::string label(std::size_t rank, bool is_server, std::size_t width) {
    return fmt::format("{:>{}}{} ", rank, width, is_server ? "s" : " ");
}

std::size_t label_width(std::size_t ranks) {
    return fmt::format("{}", ranks - 1).size();
}

std::string track_text(const events::Track& track, std::size_t cells, double cell_s, const Look& look) {
    std::string text;
    std::optional<Use> last;
    std::size_t count = 0;
    const auto flush = [&] {
        if (last) text += study::cells(*last, count, look);
        count = 0;
    };
    for (const std::optional<Use> use : uses_to_show(binned(track, cells, cell_s))) {
        if (!use) break;  // the rank was done
        if (last != use) flush();
        last = use;
        ++count;
    }
    flush();
    return text;
}

}  // namespace

std::string share_rows(const std::vector<result::Worker>& workers, const Look& look) {
    if (workers.empty()) return {};
    double longest_s = 0;
    for (const result::Worker& worker : workers) longest_s = std::max(longest_s, known_elapsed_s(worker));
    if (longest_s <= 0) return {};
    const std::size_t width = label_width(workers.size());
    const bool has_figures = look.columns >= narrow;
    const std::size_t room = look.columns - width - 3 - (has_figures ? figures_width : 0);
    std::string text;
    if (has_figures)
        text += fmt::format("{:>{}}\n", " compute communication     wait transfer", look.columns - 1);
    for (const auto row : shown_rows(workers.size())) {
        if (!row) {
            text += fmt::format("{:>{}}\n", "...", width + 2);
            continue;
        }
        const result::Worker& worker = workers[*row];
        const auto length =
            static_cast<std::size_t>(known_elapsed_s(worker) / longest_s * static_cast<double>(room));
        const auto counts =
            divided({worker.compute_s, worker.wait_s, worker.transfer_s, worker.other_s}, length);
        text += label(worker.rank, worker.is_server, width);
        for (std::size_t i = 0; i < use_count; ++i) text += cells(static_cast<Use>(i), counts[i], look);
        if (has_figures) {
            const auto share = [&](double part_s) {
                return base::format_share(known_elapsed_s(worker) > 0 ? part_s / worker.elapsed_s : 0.0);
            };
            text +=
                fmt::format("{:{}}{:>8} {:>13} {:>8} {:>8}", "", room - length + 1, share(worker.compute_s),
                            share(worker.communication_s()), share(worker.wait_s), share(worker.transfer_s));
        }
        text += '\n';
    }
    return text;
}

std::string timeline_rows(const events::Timeline& timeline, const Look& look) {
    double end_s = 0;
    for (const events::Track& track : timeline.tracks) end_s = std::max(end_s, track.end_s);
    if (end_s <= 0) return {};
    const std::size_t width = label_width(timeline.tracks.size());
    const std::size_t room = look.columns - width - 3;
    const std::string end = base::format_time(end_s);
    std::string text = fmt::format("{:{}}0{:>{}}\n", "", width + 2, end, room - 1);
    for (const auto row : shown_rows(timeline.tracks.size())) {
        if (!row) {
            text += fmt::format("{:>{}}\n", "...", width + 2);
            continue;
        }
        const events::Track& track = timeline.tracks[*row];
        text += label(track.rank, track.is_server, width) +
                track_text(track, room, end_s / static_cast<double>(room), look) + '\n';
    }
    return text;
}

}  // namespace lockstep::study
