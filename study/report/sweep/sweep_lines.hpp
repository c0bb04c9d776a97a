#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "study/report/page/chart.hpp"
#include "study/report/sweep/sweep_table.hpp"

namespace lockstep::study {

/// How a figure of the summary is called, and in what it is measured: `time of the run (s)`.
std::string figure_title(std::string_view figure);

/// Figure against the numbers of a key: a line for each combination of the other keys' values, with 95 %
/// confidence bands where points have several runs. A figure that fewer than two points of a line have makes
/// none of it.
std::vector<LineSeries> figure_lines(const SweepTable& sweep, std::size_t key, std::string_view figure);

/// Whether the numbers call for a logarithmic axis: all above 0, and the last is at least 50 times the first.
bool is_wide(const std::vector<double>& numbers);

/// `latency (us)`
std::string key_title(const SweepKey& key);

/// A place at which two lines of one group change order, from linear interpolation between neighbouring
/// points that both have, of the logarithm of x where `is_log`; not beside a point that only some of a line's
/// runs have.
struct Crossing {
    double x = 0;
    double y = 0;
    std::string before;  ///< the line that is lower before
    std::string after;   ///< the line that is lower after
};
std::vector<Crossing> crossings(const std::vector<LineSeries>& lines, bool is_log);

/// The view itself where it has few lines, else one for each group. Example: three methods at five latencies
/// are five views. No view has more than most_drawn_lines.
std::vector<LineView> readable(const LineView& view);
inline constexpr std::size_t most_drawn_lines = 16;

/// Of each line of throughputs against workers, over its own point with the fewest workers w0: throughput /
/// (throughput at w0), and that times w0 / workers.
std::vector<LineSeries> speed_ups(const std::vector<LineSeries>& throughputs);
std::vector<LineSeries> efficiencies(const std::vector<LineSeries>& throughputs);

}  // namespace lockstep::study
