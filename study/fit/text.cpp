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

constexpr std::string_view interval_heading = "95 % interval";

base::ColumnUnit unit_of_bandwidth(double bandwidth_Bps) {
    constexpr double bit_B = 0.125;
    if (bandwidth_Bps >= 1e9 * bit_B) return {"Gbps", 1e9 * bit_B, {}};
    if (bandwidth_Bps >= 1e6 * bit_B) return {"Mbps", 1e6 * bit_B, {}};
    return {"kbps", 1e3 * bit_B, {}};
}

base::ColumnUnit unit_of_time(const Bounded& time_s) {
    const double longest_s = time_s.has_interval() ? std::max(time_s.value, time_s.high) : time_s.value;
    return base::column_of_times({&longest_s, 1});
}

std::string interval_in(const base::ColumnUnit& unit, const Bounded& figure) {
    if (!figure.has_interval()) return "not known";
    return fmt::format("{} to {}", base::format_number(figure.low / unit.size), unit.format(figure.high));
}

/// So that names leave room for figures.
std::string short_name(const std::string& name) {
    constexpr std::size_t most = 12;
    return name.size() <= most ? name : name.substr(0, most - 3) + "...";
}

std::string common_table(const ClusterFit& fit) {
    TextTable table({{"Of all runs", TextTable::Align::left}, {"Fitted"}, {std::string(interval_heading)}});
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

std::string links_table(const ClusterFit& fit) {
    TextTable table({{"Links", TextTable::Align::left},
                     {"Runs"},
                     {"Sync"},
                     {std::string(interval_heading)},
                     {"Bandwidth"},
                     {std::string(interval_heading)},
                     {"Reached"}});
    for (const FittedLinks& links : fit.links) {
        const base::ColumnUnit time = unit_of_time(links.sync_s);
        const base::ColumnUnit bandwidth = unit_of_bandwidth(links.bandwidth_Bps.value);
        table.add_row({short_name(links.name), fmt::format("{}", links.runs), time.format(links.sync_s.value),
                       interval_in(time, links.sync_s), bandwidth.format(links.bandwidth_Bps.value),
                       interval_in(bandwidth, links.bandwidth_Bps),
                       links.nominal_Bps ? base::format_share(*links.reached()) : "-"});
    }
    return table.render();
}

std::string scatter_note(const ClusterFit& fit) {
    if (std::isnan(fit.scatter))
        return "No scatter known: there are as many unknowns as times, so no interval is.\n";
    std::string note = fmt::format("Scatter: residuals of {} with {:.0f} degrees of freedom",
                                   base::format_share(fit.scatter), fit.degrees);
    if (fit.has_repeats) return note + ".\n";
    return note +
           ". No run was\nrepeated: intervals are what the times of a run leave of each other and say\n"
           "nothing of how runs differ from day to day.\n";
}

std::string overhead_note(const ClusterFit& fit) {
    if (fit.overhead_is_told_apart) return {};
    return "Overhead is not told apart from bandwidth (each class has runs of one number of\nworkers): it is "
           "counted as bandwidth, and its interval is what the nominal\nbandwidths leave.\n";
}

std::string predictions_table(const FitRequest& request, std::span<const Prediction> predictions) {
    TextTable table({{"Run", TextTable::Align::left},
                     {"Links", TextTable::Align::left},
                     {"A step"},
                     {std::string(interval_heading)},
                     {"Closed form"},
                     {fmt::format("{} steps", request.steps)}});
    for (const Prediction& prediction : predictions) {
        const LinkCase& links = prediction.request.links;
        const Bounded& step = prediction.step_s;
        const base::ColumnUnit unit = unit_of_time(step);
        table.add_row({prediction.request.label(), short_name(links.name) + (links.is_measured ? "" : "*"),
                       unit.format(step.value), interval_in(unit, step),
                       prediction.closed_form_s ? unit.format(*prediction.closed_form_s) : "-",
                       base::format_time(prediction.wall_s.value)});
    }
    return table.render();
}

std::string prediction_notes(std::span<const Prediction> predictions) {
    const auto any = [&](auto holds) { return std::ranges::any_of(predictions, holds); };
    std::string notes = "A step is one with its share of synchronisations, simulated.\n";
    if (any([](const Prediction& one) { return !one.request.links.is_measured; }))
        notes +=
            "* Not measured: the share of the bandwidth that is reached is interpolated, and\n  the "
            "interval holds those of the neighbours.\n";
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
    return fmt::format("{} runs of {} parameters; synchronisations of {} workers, {}\n\n{}\n{}\n{}{}\n{}\n{}",
                       fit.runs, fit.parameters, fit.workers, fit.collective.name(), common_table(fit),
                       links_table(fit), scatter_note(fit), overhead_note(fit),
                       predictions_table(request, predictions), prediction_notes(predictions));
}

}  // namespace lockstep::study
