#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "events/timeline.hpp"
#include "study/report/page/report_page.hpp"

namespace lockstep::study {

/// What bars of a timeline show: events::Activity without what takes no time, and the rest.
inline constexpr std::array<std::string_view, 6> drawn_activities{"compute", "wait",       "receive",
                                                                  "send",    "collective", "other"};
/// The code of a rank that is done, which is not drawn.
inline constexpr std::size_t done_activity = drawn_activities.size();

/// Seconds of each drawn activity in each of `bins` equal parts of the run, for one rank. Up to the track's
/// end they add up to the parts' widths. Example: computing from 0 to 3 s of 4 s in 2 bins: compute is
/// {2, 1}, other {0, 1}.
using ActivityBins = std::vector<std::array<double, drawn_activities.size()>>;
ActivityBins activity_bins(const events::Track& track, double end_s, std::size_t bins);

/// For each bin the activity that takes most of it, or done_activity where the rank was done for most of it.
std::vector<std::size_t> dominant(const ActivityBins& bins, double bin_s);

/// How much of a timeline is written.
struct TimelineDetail {
    std::size_t bins = 2000;      ///< a rank, at the finest; a multiple of 80
    std::size_t spans = 200'000;  ///< in full, of all ranks together, from the start on
};

/// The data of page/timeline.js: levels of bins, the overview, and as many whole spans from the start on as
/// the detail allows. Times are whole numbers of `unit_s`, a hundred-millionth of the run.
nlohmann::ordered_json timeline_data(const events::Timeline& timeline, const TimelineDetail& detail = {});

/// The timeline with its overview, and a table of what each rank did. Cost: linear in spans.
void add_timeline_chart(ReportPage& page, const events::Timeline& timeline);

}  // namespace lockstep::study
