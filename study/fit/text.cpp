#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/units.hpp"
#include "result/text_table.hpp"
#include "study/fit/output.hpp"

namespace lockstep::study {
namespace {

using result::TextTable;

/// `1 run`, `2 runs`.
std::string with_noun(std::size_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

base::ColumnUnit unit_of_bandwidth(double bandwidth_Bps) {
    constexpr double bit_B = 0.125;
    if (bandwidth_Bps >= 1e9 * bit_B) return {"Gbps", 1e9 * bit_B, {}};
    if (bandwidth_Bps >= 1e6 * bit_B) return {"Mbps", 1e6 * bit_B, {}};
    return {"kbps", 1e3 * bit_B, {}};
}

base::ColumnUnit unit_of_time(const Bounded& time_s) {
    return base::column_of_times({&time_s.value, 1});
}

/// In the unit of the figure beside it, so that tables stay narrow.
std::string interval_in(const base::ColumnUnit& unit, const Bounded& figure) {
    if (!figure.has_interval()) return "not known";
    return fmt::format("{} to {}", base::format_number(figure.low / unit.size),
                       base::format_number(figure.high / unit.size));
}

/// So that names leave room for figures.
std::string short_name(const std::string& name, std::size_t most = 10) {
    return name.size() <= most ? name : name.substr(0, most - 3) + "...";
}

std::string common_table(const ClusterFit& fit) {
    TextTable table({{"Of all runs", TextTable::Align::left}, {"Fitted"}, {"Interval"}});
    const auto add = [&](const char* name, const Bounded& time_s) {
        const base::ColumnUnit unit = unit_of_time(time_s);
        table.add_row({name, unit.format(time_s.value), interval_in(unit, time_s)});
    };
    add("step", fit.step_s);
    const double messages = fit.path.messages;
    add("overhead of a synchronisation",
        {messages * fit.overhead_s.value, messages * fit.overhead_s.low, messages * fit.overhead_s.high});
    return table.render();
}

std::string syncs_table(const ClusterFit& fit) {
    TextTable table({{"Links", TextTable::Align::left}, {"Runs"}, {"Sync"}, {"Interval"}});
    for (const FittedLinks& links : fit.links) {
        const base::ColumnUnit unit = unit_of_time(links.sync_s);
        table.add_row({short_name(links.name), fmt::format("{}", links.runs), unit.format(links.sync_s.value),
                       interval_in(unit, links.sync_s)});
    }
    return table.render();
}

std::string bandwidths_table(const ClusterFit& fit) {
    TextTable table({{"Links", TextTable::Align::left}, {"Bandwidth"}, {"Interval"}, {"Reached"}});
    for (const FittedLinks& links : fit.links) {
        const base::ColumnUnit unit = unit_of_bandwidth(links.bandwidth_Bps.value);
        table.add_row({short_name(links.name), unit.format(links.bandwidth_Bps.value),
                       interval_in(unit, links.bandwidth_Bps),
                       links.nominal_Bps ? base::format_share(*links.reached()) : "-"});
    }
    return table.render();
}

std::string scatter_note(const ClusterFit& fit) {
    if (std::isnan(fit.scatter))
        return "No scatter is known, so no interval is: it takes more times than unknowns, and\ntwo runs.\n";
    std::string note = fmt::format(
        "These intervals are Student's, of 95 %, from residuals of {}\nwith {} of freedom.",
        base::format_share(fit.scatter), with_noun(static_cast<std::size_t>(fit.degrees), "degree"));
    if (fit.has_repeats) return note + "\n";
    return note +
           " No run was repeated: they are what the\n"
           "times of a run leave of each other and say nothing of how runs differ from day\nto day.\n";
}

std::string overhead_note(const ClusterFit& fit) {
    if (fit.overhead_is_told_apart) return {};
    return "Overhead is not told apart from bandwidth (each class has runs of one number of\nworkers): it is "
           "counted as bandwidth, and its interval is a bound, what the\nnominal bandwidths leave.\n";
}

std::string_view mark_of(const LinkCase& links) {
    if (links.is_measured) return "";
    return links.is_extrapolated ? "**" : "*";
}

std::string predictions_table(std::span<const Prediction> predictions) {
    constexpr std::size_t longest_label = 14;  // local-sgd:1000
    TextTable table({{"Run", TextTable::Align::left},
                     {"Links", TextTable::Align::left},
                     {"A step"},
                     {"Interval"},
                     {"Closed form"},
                     {"Wall"}});
    for (const Prediction& prediction : predictions) {
        const LinkCase& links = prediction.request.links;
        const Bounded& step = prediction.step_s;
        const base::ColumnUnit unit = unit_of_time(step);
        table.add_row({short_name(prediction.request.label(), longest_label),
                       fmt::format("{}{}", short_name(links.name), mark_of(links)), unit.format(step.value),
                       interval_in(unit, step),
                       prediction.closed_form_s ? unit.format(*prediction.closed_form_s) : "-",
                       base::format_time(prediction.wall_s.value)});
    }
    return table.render();
}

std::string prediction_notes(const FitRequest& request, std::span<const Prediction> predictions) {
    const auto any = [&](auto holds) { return std::ranges::any_of(predictions, holds); };
    std::string notes = fmt::format(
        "A step is one with its share of synchronisations, simulated; wall times are of\n{}. "
        "Intervals go from all that was fitted at its fast end to all\nat its slow one; they are not of 95 "
        "%.\n",
        with_noun(request.steps, "step"));
    if (any([](const Prediction& one) { return mark_of(one.request.links) == "*"; }))
        notes +=
            "* Not measured: the share of the bandwidth that is reached is interpolated, and\n  the "
            "interval holds those of the neighbours.\n";
    if (any([](const Prediction& one) { return one.request.links.is_extrapolated; }))
        notes +=
            "** Extrapolated beyond the measured links: the share of the bandwidth that is\n   reached goes "
            "on as between the last two, and the interval holds those of all\n   and twice that slope.\n";
    if (any([](const Prediction& one) { return one.request.method.overlaps; }))
        notes +=
            "ddp: buckets of 25 MiB that travel while others are computed; at the slow end of\nits "
            "interval nothing overlaps.\n";
    if (any([](const Prediction& one) { return one.request.method.method == "diloco"; }))
        notes += "diloco: its outer optimiser is taken to cost nothing.\n";
    return notes;
}

}  // namespace

std::string to_text(const ClusterFit& fit, const FitRequest& request,
                    std::span<const Prediction> predictions) {
    return fmt::format("{} of {} parameters; sums of {} workers, {}\n\n{}\n{}\n{}\n{}{}\n{}\n{}",
                       with_noun(fit.runs, "run"), fit.parameters, fit.workers, fit.collective.name(),
                       common_table(fit), syncs_table(fit), bandwidths_table(fit), scatter_note(fit),
                       overhead_note(fit), predictions_table(predictions),
                       prediction_notes(request, predictions));
}

}  // namespace lockstep::study
