#include <algorithm>

#include <fmt/format.h>

#include "base/terminal.hpp"
#include "base/units.hpp"
#include "calibration/document.hpp"
#include "result/text_table.hpp"

namespace lockstep::calibration {
namespace {

using base::in_lines;
using result::TextTable;
using Align = TextTable::Align;

std::string off(const Residuals& residuals) {
    return fmt::format("{} off at the median size, {} at most", base::format_share(residuals.median),
                       base::format_share(residuals.largest));
}

std::string steps_text(const Findings& found) {
    TextTable table(
        {{"worker"}, {"steps"}, {"mean"}, {"spread"}, {"5 %"}, {"median"}, {"95 %"}, {"longest"}, {"corr."}});
    std::vector<double> times_s;
    for (const StepTimes& steps : found.steps)
        times_s.insert(times_s.end(), steps.quantiles_s.begin(), steps.quantiles_s.end());
    const base::ColumnUnit times = base::column_of_times(times_s);
    for (std::size_t worker = 0; worker < found.steps.size(); ++worker) {
        const StepTimes& steps = found.steps[worker];
        const auto quantile = [&](std::size_t i) { return times.format(steps.quantiles_s[i]); };
        table.add_row({std::to_string(worker), std::to_string(steps.steps), times.format(steps.mean_s),
                       base::format_share(steps.deviation_s / steps.mean_s), quantile(2), quantile(5),
                       quantile(8), quantile(10),
                       base::format_number(steps.autocorrelation, {.decimals = 2})});
    }
    return in_lines(
               fmt::format("Steps, {} operations each, all workers at once (corr.: of one with the next)",
                           base::format_number(found.step_flops))) +
           table.render() + '\n' +
           in_lines(fmt::format("Nearest shape {}, off by {} of the mean", found.variability.shape,
                                base::format_share(found.variability.shape_distance)));
}

std::string table_of_pieces(const MessageFindings& kind) {
    TextTable table({{"from"}, {"fixed"}, {"a byte"}, {"bandwidth"}, {"exact at"}});
    std::vector<double> fixed_s;
    for (const Segment& segment : kind.cost.segments) fixed_s.push_back(segment.fixed_s);
    const base::ColumnUnit times = base::column_of_times(fixed_s);
    constexpr base::Digits four{.significant = 4};
    for (const Segment& segment : kind.cost.segments)
        table.add_row({fmt::format("{:.0f} B", segment.from_bytes), times.format(segment.fixed_s),
                       base::format_number(1e9 * segment.per_byte_s, four) + " ns",
                       segment.per_byte_s > 0 ? base::format_number(1e-6 / segment.per_byte_s, four) + " MB/s"
                                              : std::string("-"),
                       segment.exact_bytes > 0 ? base::format_bytes(segment.exact_bytes) : std::string()});
    return table.render(2);
}

std::string messages_text(const MessageFindings& kind) {
    std::size_t samples = 0;
    std::size_t outliers = 0;
    for (const SizeFindings& size : kind.sizes) {
        samples += size.samples;
        outliers += size.outliers;
    }
    const std::string fit = kind.simulated
                                ? fmt::format("{}; as simulated: {}", off(kind.fit), off(*kind.simulated))
                                : off(kind.fit);
    return '\n' +
           in_lines(fmt::format(
               "Messages, {}, {} pair(s), {} to {}: {} samples, {} of them outliers", kind.kind,
               kind.pairs.size(), base::format_bytes(static_cast<double>(kind.sizes.front().bytes)),
               base::format_bytes(static_cast<double>(kind.sizes.back().bytes)), samples, outliers)) +
           table_of_pieces(kind) + '\n' +
           in_lines(fmt::format("Fit: {}; eager below {}; overhead {} to send, {} to receive", fit,
                                base::format_bytes(static_cast<double>(kind.eager_limit_bytes)),
                                base::format_time(kind.send_overhead_s),
                                base::format_time(kind.receive_overhead_s))) +
           in_lines(
               fmt::format("While a processor computes, the library {} what it sends and {} what it receives",
                           kind.progress.of_sends ? "moves" : "does not move",
                           kind.progress.of_receives ? "moves" : "does not move"));
}

std::string send_ahead_text(const SendAhead& found) {
    const std::string size = base::format_bytes(static_cast<double>(found.bytes));
    if (!(found.share.value > 0))
        return in_lines(fmt::format("Messages of a host to different hosts, of {}, share its link", size));
    return in_lines(fmt::format(
        "A host sends first in, first out: {} of a message of {} leaves before the next one begins",
        base::format_number(found.share.value, {.significant = 2}), size));
}

/// Of the settings; what is no number has none.
std::string interval_of(const Findings& found, const std::string& key) {
    const auto interval = std::ranges::find(found.intervals, key, &SettingInterval::key);
    if (interval == found.intervals.end()) return "";
    if (interval->lower.empty()) return "one sample";
    return fmt::format("{} to {}", interval->lower, interval->upper);
}

std::string settings_text(const Findings& found) {
    TextTable settings({{"Setting", Align::left}, {"Value", Align::left}, {"95 % interval", Align::left}});
    constexpr std::size_t most_shown = 28;  // with the longest key and interval 80 columns
    for (const auto& [key, value] : found.settings)
        settings.add_row({key, value.size() > most_shown ? value.substr(0, most_shown) + "..." : value,
                          interval_of(found, key)});
    return settings.render();
}

/// The figures of the alpha-beta-gamma model (comm::LinkCost), at the size that the run sends most.
std::string summary_text(const Findings& found) {
    constexpr base::Digits four{.significant = 4};
    std::string text;
    const auto usual = static_cast<double>(found.run_sizes.usual);
    for (const MessageFindings& kind : found.messages) {
        const Segment& segment = kind.cost.at(usual);
        text += fmt::format(
            "{}alpha {} a message, beta {} ns a byte{} ({}, of {})", text.empty() ? "" : "; ",
            base::format_time(segment.fixed_s), base::format_number(1e9 * segment.per_byte_s, four),
            segment.per_byte_s > 0
                ? fmt::format(" = {} Mbit/s", base::format_number(8e-6 / segment.per_byte_s, four))
                : "",
            kind.kind, base::format_bytes(usual));
    }
    const double vector_flops =
        found.vector_flops_per_s.value > 0 ? found.vector_flops_per_s.value : found.speed_flops.value;
    constexpr double value_bytes = 4;
    if (vector_flops > 0)
        text += fmt::format("{}gamma {} ns a byte reduced", text.empty() ? "" : "; ",
                            base::format_number(1e9 / (value_bytes * vector_flops), four));
    return text;
}

}  // namespace

std::string to_text(const Findings& found, const Origin& origin) {
    std::string text = in_lines(fmt::format("Calibration {} on {}, {}", origin.name, origin.backend,
                                            base::format_time(origin.duration_s))) +
                       '\n';
    if (!found.steps.empty()) text += steps_text(found);
    for (const MessageFindings& kind : found.messages) text += messages_text(kind);
    if (found.send_ahead) text += send_ahead_text(*found.send_ahead);
    if (!found.steps.empty())
        text += fmt::format("\nEvaluation of the test set: {}\n", base::format_time(found.evaluation_s));
    text += '\n' + settings_text(found);
    for (const std::string& warning : found.warnings) text += in_lines("warning: " + warning);
    return text + in_lines("Summary: " + summary_text(found));
}

}  // namespace lockstep::calibration
