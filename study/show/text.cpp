#include "study/show/text.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/terminal.hpp"
#include "base/units.hpp"
#include "result/expected_error.hpp"
#include "result/fields.hpp"
#include "result/text.hpp"
#include "study/show/rows.hpp"

namespace lockstep::study {
namespace {

constexpr std::size_t key_width = 15;
constexpr std::size_t fewest_cells = 16;  // of a sparkline beside its figures; else it goes below them

std::string entry(std::string_view key, const std::string& value, const Look& look) {
    const std::size_t width = look.columns - key_width;
    if (value.size() > width && value.find(' ') == std::string::npos)
        return fmt::format("{}\n  {}\n", key, value);
    return fmt::format("{:<{}}{}\n", key, key_width, base::wrapped(value, width, key_width));
}

std::string heading(const RunFolder& run, const Look& look) {
    std::string text = base::printable(run.name);
    if (run.result) {
        const scenario::Config& config = run.result->config;
        const std::size_t servers = scenario::server_count(config);
        text += fmt::format(
            ": {}, {} worker{}{}, {}", config.method.name(), config.workers, config.workers == 1 ? "" : "s",
            servers == 0 ? "" : fmt::format(" and {} server{}", servers, servers == 1 ? "" : "s"),
            base::printable(run.result->provenance.world));
    }
    text = base::wrapped(text, look.columns - 2, 2) + '\n';
    if (run.result)
        text += base::wrapped(base::printable(run.result->provenance.data_description), look.columns - 2, 2) +
                '\n';
    return text;
}

std::string with_four_decimals(double value) {
    return base::format_number(value, {.decimals = 4});
}

std::string traffic(const result::Summary& summary) {
    if (!summary.messages || !summary.bytes) return "unknown";
    return fmt::format("{} of together {}", *summary.messages,
                       base::format_bytes(static_cast<double>(*summary.bytes)));
}

std::string target_entry(const result::Result& result, const Look& look) {
    const result::Summary& summary = result.summary;
    const auto target = scenario::target(result.config);
    const double time_s = summary.time_to_target_s.value;
    if (!target || std::isnan(time_s)) return {};
    const std::string time =
        time_s == result::AtTarget::never ? std::string(result::never) : base::format_time(time_s);
    const std::string_view of = target->of == scenario::Target::Of::accuracy ? "accuracy " : "";
    const std::string bracket = result::target_bracket(summary);
    return entry("time to target",
                 fmt::format("{} to {}{}{}{}", time, of, scenario::to_text(*target),
                             bracket.empty() ? "" : ", ", bracket),
                 look);
}

std::string summary_entries(const result::Result& result, const Look& look) {
    const result::Summary& summary = result.summary;
    const std::string who = result::who_stopped(result);
    const std::string outcome(result::name(summary.outcome));
    std::string text =
        entry("outcome", who.empty() ? outcome : fmt::format("{}  {}", outcome, base::printable(who)), look);
    std::string time = base::format_time(result::typical_time_s(result));
    for (const std::string& range : result::ranges_of_time(result)) time += ' ' + range;
    text += entry("time", base::printable(fmt::format("{}, {}", time, result::source_of_time(result))), look);
    text +=
        entry("",
              fmt::format("{} computing, {} communicating ({} waiting, {} in transfer)",
                          base::format_share(summary.compute_share),
                          base::format_share(summary.communication_share()),
                          base::format_share(summary.wait_share), base::format_share(summary.transfer_share)),
              look);
    if (const auto& error = result.expected_error)
        text += entry(
            "expected error",
            base::printable(fmt::format("{} {}", result::bound_of(*error), result::basis_of(*error))), look);
    for (const std::string& warning : result.provenance.calibration_warnings)
        text += entry("warning", base::printable(warning), look);
    text += target_entry(result, look);
    text += entry("samples/s", base::format_number(summary.samples_per_s), look);
    text += entry("messages", traffic(summary), look);
    text += entry("updates",
                  fmt::format("{}, mean staleness {}", summary.updates,
                              base::format_number(summary.mean_staleness, {.decimals = 2})),
                  look);
    if (!summary.parameters_digest.empty())
        text += entry("parameters", base::printable(summary.parameters_digest), look);
    return text;
}

/// A figure of the shared parameters in the order of time: a sparkline, its first and its last value.
std::string course(std::string_view key, const result::Result& result, double result::Evaluation::*figure,
                   const Look& look) {
    std::vector<double> values;
    for (const result::Evaluation& evaluation : result.history)
        if (!evaluation.worker) values.push_back(evaluation.*figure);
    const bool is_known = std::ranges::any_of(values, [](double value) { return std::isfinite(value); });
    if (!is_known) return entry(key, "-", look);
    const std::string ends =
        fmt::format(" {} -> {}", with_four_decimals(values.front()), with_four_decimals(values.back()));
    const std::size_t room = look.columns - key_width;
    if (room < ends.size() + fewest_cells)
        return fmt::format("{:<{}}{}\n{:{}}{}\n", key, key_width, ends.substr(1), "", key_width,
                           sparkline(values, room, look));
    return fmt::format("{:<{}}{}{}\n", key, key_width, sparkline(values, room - ends.size(), look), ends);
}

}  // namespace

std::string to_text(const RunFolder& run, const Look& look) {
    std::string text = heading(run, look);
    if (run.result) {
        text += '\n' + summary_entries(*run.result, look);
        text += course("test loss", *run.result, &result::Evaluation::test_loss, look);
        text += course("test accuracy", *run.result, &result::Evaluation::test_accuracy, look);
    }
    const std::string shares = run.result ? share_rows(run.result->workers, look) : "";
    const std::string timeline = run.timeline ? timeline_rows(*run.timeline, look) : "";
    if (!shares.empty()) text += fmt::format("\nTime of each rank\n{}", shares);
    if (!timeline.empty()) text += fmt::format("\nTimeline\n{}", timeline);
    if (!shares.empty() || !timeline.empty()) text += legend(look) + '\n';
    if (!timeline.empty() && !run.timeline->simulated)
        text += base::wrapped(events::text_of(run.timeline->clocks), look.columns, 0) + '\n';
    return text;
}

}  // namespace lockstep::study
