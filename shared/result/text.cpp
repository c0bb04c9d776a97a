#include "result/text.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/terminal.hpp"
#include "base/units.hpp"
#include "option/lists.hpp"
#include "result/fields.hpp"
#include "result/ranks_text.hpp"
#include "result/text_table.hpp"
#include "scenario/applicability.hpp"

namespace lockstep::result {
namespace {

using Align = TextTable::Align;

/// Of losses and accuracies.
constexpr base::Digits four_decimals{.decimals = 4};
constexpr base::Digits two_decimals{.decimals = 2};

std::string or_unknown(std::optional<std::uint64_t> counted) {
    return counted ? fmt::format("{}", *counted) : "unknown";
}

std::string against(std::optional<std::uint64_t> counted, std::optional<std::uint64_t> predicted) {
    if (!predicted) return "no closed form";
    return predicted == counted ? "as predicted" : fmt::format("predicted {}", *predicted);
}

std::string describe_run(const Result& result) {
    const std::size_t workers = result.config.workers;
    const std::size_t servers = scenario::server_count(result.config);
    const std::string and_servers = servers == 0   ? ""
                                    : servers == 1 ? " and a server"
                                                   : fmt::format(" and {} servers", servers);
    return fmt::format("{}, {} worker{}{}, {}: {}", result.config.method.name(), workers,
                       workers == 1 ? "" : "s", and_servers, result.provenance.world,
                       result.provenance.backend);
}

/// Since when a worker that stopped has stood still; unset where a speed profile may have stopped it earlier.
std::optional<double> stopped_at_s(const scenario::Config& config, const Worker& worker) {
    std::optional<double> first_s;
    for (const scenario::SpeedProfile& profile : config.speed_profiles)
        if (profile.worker == worker.rank) return first_s;
    for (const scenario::Failure& failure : config.failures)
        if (failure.worker == worker.rank && failure.back_s == scenario::for_ever_s)
            first_s = std::min(first_s.value_or(scenario::for_ever_s), failure.at_s);
    return first_s;
}

std::string at_target(const AtTarget& figure, std::string (*format)(double)) {
    return figure.value == AtTarget::never ? std::string(never) : format(figure.value);
}

/// How much of the work was for nothing, where some was.
std::string samples_remark(const Summary& summary) {
    if (summary.samples_applied == summary.samples_computed) return "";
    return fmt::format("{} applied of {} computed", summary.samples_applied, summary.samples_computed);
}

/// A row whose remark goes on below where it is too long: beside the longest name and value of the table
/// lines of 80 columns have room for so much of it.
void add_remarked(TextTable& table, std::string name, std::string value, const std::string& remark) {
    constexpr std::size_t room = 45;
    if (remark.empty()) return table.add_row({std::move(name), std::move(value)});
    const std::string wrapped = base::wrapped(base::printable(remark), room, 0);
    for (const std::string_view line : option::split_list(wrapped, '\n'))
        table.add_row({std::exchange(name, ""), std::exchange(value, ""), std::string(line)});
}

/// What was asked for beyond the usual.
void add_measures(TextTable& table, const Result& result) {
    const Summary& summary = result.summary;
    const auto target = scenario::target(result.config);
    if (target && !std::isnan(summary.time_to_target_s.value))
        add_remarked(table, fmt::format("time to {}", scenario::to_text(*target)),
                     at_target(summary.time_to_target_s, base::format_time), target_bracket(summary));
    if (const auto budget = result.config.time_budget_s; budget && !std::isnan(summary.accuracy_at_budget))
        table.add_row({fmt::format("accuracy at {}", base::format_time(*budget)),
                       base::format_number(summary.accuracy_at_budget, four_decimals)});
    if (std::isnan(summary.energy_J)) return;
    table.add_row({"energy", base::format_energy(summary.energy_J),
                   fmt::format("hosts {}, links {}", base::format_energy(summary.host_energy_J),
                               base::format_energy(summary.link_energy_J))});
    if (target && !std::isnan(summary.energy_to_target_J.value))
        table.add_row({fmt::format("energy to {}", scenario::to_text(*target)),
                       at_target(summary.energy_to_target_J, base::format_energy)});
}

/// The first word; what follows it, or what it says, stands beside.
std::string verdict(const std::string& replay) {
    return replay.substr(0, replay.find(':'));
}
std::string what_it_means(const std::string& replay) {
    if (replay == "matches") return "the recorded run's parameters, bit for bit";
    if (replay == "differs")
        return "from the recorded run's parameters, though nothing that decides them was changed";
    if (replay == "unchecked") return "there are no parameters to compare";
    return "since the recorded run" + replay.substr(replay.find(':'));
}

/// How exact the emulation of slower processors was; nothing where none is emulated.
void add_emulation(TextTable& table, const Result& result) {
    double excess = -std::numeric_limits<double>::infinity();
    double oversleep_s = 0;
    double largest_s = 0;
    std::uint64_t sleeps = 0;
    for (const Worker& worker : result.workers) {
        if (std::isnan(worker.emulated_s)) continue;
        if (worker.emulated_s > 0) excess = std::max(excess, worker.compute_s / worker.emulated_s - 1);
        if (worker.sleeps.value_or(0) == 0) continue;
        sleeps += *worker.sleeps;
        oversleep_s += worker.mean_oversleep_s * static_cast<double>(*worker.sleeps);
        largest_s = std::max(largest_s, worker.largest_oversleep_s);
    }
    if (std::isinf(excess)) return;
    const double mean_s = sleeps == 0 ? 0 : oversleep_s / static_cast<double>(sleeps);
    add_remarked(table, "emulation", base::format_change(excess),
                 fmt::format("computing at most beyond what was asked; sleeps end {} late, at most {}",
                             base::format_time(mean_s), base::format_time(largest_s)));
}

std::string source_of_times(const Provenance& provenance) {
    if (provenance.world != "simulated")
        return provenance.oversubscribed ? "measured with more ranks than cores: it means nothing"
                                         : "measured";
    if (!provenance.calibrated) return "simulated, uncalibrated";
    return fmt::format(
        "simulated, calibrated on {} {} days before{}{}", provenance.calibration_host,
        fmt::format("{:.1f}", provenance.calibration_age_days.value_or(0)),
        provenance.calibration_changes.empty() ? "" : ", changed since: ", provenance.calibration_changes);
}

void add_time(TextTable& table, const Result& result) {
    std::string name = "time";
    std::string value = base::format_time(typical_time_s(result));
    std::vector<std::string> remarks = ranges_of_time(result);
    remarks.push_back(source_of_time(result));
    for (const std::string& remark : remarks)
        if (!remark.empty()) add_remarked(table, std::exchange(name, ""), std::exchange(value, ""), remark);
    if (const auto& error = result.expected_error)
        add_remarked(table, "  expected error", bound_of(*error), basis_of(*error));
}

TextTable summary_table(const Result& result) {
    const Summary& summary = result.summary;
    const std::string source(cpu_and_memory(result.provenance));
    TextTable table({{"", Align::left}, {"", Align::right}, {"", Align::left}});
    add_remarked(table, "outcome", std::string(name(summary.outcome)), who_stopped(result));
    table.add_row({"test loss", base::format_number(summary.test_loss, four_decimals)});
    table.add_row({"test accuracy", base::format_number(summary.test_accuracy, four_decimals)});
    add_time(table, result);
    table.add_row({"  computing", base::format_share(summary.compute_share), "mean of the workers"});
    const bool overlaps = scenario::applies("buckets", result.config) && result.config.buckets > 0;
    table.add_row({"  communicating", base::format_share(summary.communication_share()),
                   overlaps ? "exposed" : "waiting and in transfer"});
    table.add_row({"    waiting", base::format_share(summary.wait_share)});
    table.add_row({"    in transfer", base::format_share(summary.transfer_share)});
    if (overlaps) table.add_row({"    hidden", base::format_share(summary.hidden_share), "behind computing"});
    add_measures(table, result);
    add_emulation(table, result);
    table.add_row({"samples a second", base::format_number(summary.samples_per_s), samples_remark(summary)});
    table.add_row({"CPU", base::format_share(summary.cpu_percent / 100), source + ", of all cores"});
    table.add_row(
        {"memory", base::format_bytes(summary.memory_bytes),
         fmt::format("{}, {} of the machine's", source, base::format_share(summary.memory_percent / 100))});
    table.add_row(
        {"messages", or_unknown(summary.messages), against(summary.messages, summary.predicted_messages)});
    const std::string prediction = against(summary.bytes, summary.predicted_bytes);
    table.add_row({"bytes",
                   summary.bytes ? base::format_bytes(static_cast<double>(*summary.bytes)) : "unknown",
                   summary.bytes ? fmt::format("{}, {}", *summary.bytes, prediction) : prediction});
    table.add_row({"updates", fmt::format("{}", summary.updates)});
    if (!result.staleness.empty())
        table.add_row({"mean staleness", base::format_number(summary.mean_staleness, two_decimals)});
    if (!summary.replay.empty())
        add_remarked(table, "replay", verdict(summary.replay), what_it_means(summary.replay));
    return table;
}

}  // namespace

std::string to_text(const Result& result) {
    const std::string& digest = result.summary.parameters_digest;
    // With what a file's own settings change.
    const std::string platform =
        scenario::has_platform_file(result.config) ? base::in_lines(result.provenance.platform) : "";
    const std::string& before = result.provenance.trained_before;
    return base::in_lines(describe_run(result)) +
           (before.empty() ? "" : base::in_lines("trained before by " + before)) + platform +
           base::in_lines(result.provenance.data_description) + '\n' + summary_table(result).render() +
           base::in_lines(fmt::format("parameters        {}", digest.empty() ? "- (timing only)" : digest)) +
           staleness_histogram(result) + worker_rows(result);
}

std::string who_stopped(const Result& result) {
    std::string text;
    for (const Worker& worker : result.workers) {
        if (!worker.stopped) continue;
        const auto at_s = stopped_at_s(result.config, worker);
        text += fmt::format("{}worker {} stopped{} after {} step{}", text.empty() ? "" : ", ", worker.rank,
                            at_s ? " at " + base::format_time(*at_s) : "", worker.steps,
                            worker.steps == 1 ? "" : "s");
    }
    if (result.summary.outcome == Outcome::interrupted)
        return fmt::format("go on with: lockstep resume {}", result.config.checkpoint);
    if (result.summary.outcome == Outcome::aborted) return result.provenance.abort_cause;
    if (result.summary.outcome != Outcome::stalled) return text;
    const auto waits = [](const Worker& worker) {
        return !worker.is_server && !worker.completed && !worker.stopped;
    };
    if (text.empty()) {
        text = "nothing goes on";
    } else if (std::ranges::any_of(result.workers, waits)) {
        text += "; the others wait for ever";
    }
    return result.summary.standstill.empty() ? text : text + ": " + result.summary.standstill;
}

double typical_time_s(const Result& result) {
    return result.time_range ? result.time_range->median_s : result.summary.elapsed_s;
}

std::vector<std::string> ranges_of_time(const Result& result) {
    std::vector<std::string> ranges;
    const auto add = [&](const auto& range, std::string_view by) {
        ranges.push_back(fmt::format("({} to {}, {})", base::format_time(range.lower_s),
                                     base::format_time(range.upper_s), by));
    };
    if (result.time_range) add(*result.time_range, result.time_range->over);
    if (result.calibration_range) add(*result.calibration_range, "95 % by the calibration");
    return ranges;
}

std::string source_of_time(const Result& result) {
    const bool may_be_anothers = result.time_range && result.time_range->seeds > 1;
    return (may_be_anothers ? fmt::format("this run {}; ", base::format_time(result.summary.elapsed_s))
                            : "") +
           source_of_times(result.provenance);
}

std::string target_bracket(const Measures& measures) {
    if (!std::isfinite(measures.time_to_target_s.value) || std::isnan(measures.time_to_target_low_s))
        return "";
    return fmt::format("between {} and {}{}", base::format_time(measures.time_to_target_low_s),
                       base::format_time(measures.time_to_target_high_s),
                       measures.is_target_coarse() ? ": too far apart for an exact time" : "");
}

}  // namespace lockstep::result
