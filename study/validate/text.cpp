#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/terminal.hpp"
#include "base/units.hpp"
#include "option/lists.hpp"
#include "study/provenance_text.hpp"
#include "study/validate/tables.hpp"
#include "study/validate/validation.hpp"

namespace lockstep::study {
namespace {

using base::in_lines;

std::string phase_sentence(const Validation& validation) {
    const Figure& phase = validation.largest_difference();
    if (phase.difference() == 0) return "No phase differs.\n";
    return in_lines(fmt::format("Largest difference: {}, {} {} than {} ({} of the elapsed time).", phase.name,
                                base::format_time(std::abs(phase.difference())),
                                phase.difference() < 0 ? "less" : "more",
                                validation.reference_is_simulated ? "in the reference" : "measured",
                                signed_percent(*phase.of_elapsed_percent)));
}

/// How well the reference knows its own time, and what to do where that is worse than what is tolerated.
std::string noise_sentence(const Validation& validation) {
    const Figure& elapsed = validation.figures.front();
    const char* runs = validation.reference_is_simulated ? "reference" : "measured";
    if (!elapsed.noise_percent) return fmt::format("Noise floor: unknown, of a single {} run.\n", runs);
    const std::size_t count = elapsed.measured.count;
    const std::string text =
        fmt::format("Noise floor: {} of elapsed, half the interval of {} runs{}.",
                    base::format_share(*elapsed.noise_percent / 100), count, level_remark(count));
    if (*elapsed.noise_percent <= *elapsed.tolerance_percent) return in_lines(text);
    return in_lines(text) +
           in_lines(
               fmt::format("That is more than the tolerance, {:g} %: repeat the {} runs more often (from "
                           "nine on that helps), on a quieter machine, or let them take longer.",
                           *elapsed.tolerance_percent, runs));
}

/// How far the simulated runs, mostly of a calibration each, are apart in the times that are judged.
std::string simulated_sentence(const Validation& validation) {
    const std::size_t count = validation.simulated.size();
    if (count < 2) return {};
    std::string text = "Simulated interval: ";
    for (const Figure& figure : validation.figures) {
        if (figure.unit != Unit::seconds) continue;
        const Interval& interval = figure.simulated_interval;
        text += fmt::format("{} {} to {}, ", figure.name, base::format_time(interval.low),
                            base::format_time(interval.high));
    }
    return in_lines(fmt::format("{}of {} runs{}.", text, count, level_remark(count)));
}

std::string explanation(const Validation& validation) {
    std::string text =
        phase_sentence(validation) + noise_sentence(validation) + simulated_sentence(validation);
    if (validation.staleness.distance > 0)
        text += fmt::format("Staleness distributions differ in {} of the updates.\n",
                            base::format_share(validation.staleness.distance));
    if (!validation.digests.why_not_judged.empty())
        text += in_lines(fmt::format("Parameters are not judged: {}.", validation.digests.why_not_judged));
    return text;
}

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string reference_text(const Validation& validation) {
    const result::Provenance& source = validation.measured.front().result->provenance;
    return in_lines(fmt::format("{}: {}, {}, on {}, {}", measured_title(validation), source.backend,
                                source.platform, source.host, source.started_utc));
}

/// A calibrated platform has too many values for a line; they are in its file.
std::string simulation_text(const Validation& validation) {
    const result::Provenance& source = validation.simulated.front().result->provenance;
    if (!source.calibrated)
        return provenance_text(validation.simulated, World::simulated) + "The platform was not calibrated.\n";
    std::string text = in_lines(fmt::format(
                           "Simulated: {}, calibrated on {} {:.1f} days before, lockstep {} ({}), on {}, {}",
                           source.backend, source.calibration_host, source.calibration_age_days.value_or(0),
                           source.lockstep_version, source.git_revision, source.host, source.started_utc)) +
                       in_lines("Data: " + source.data_description);
    if (!source.calibration_changes.empty())
        text += in_lines("Other than calibrated: " + source.calibration_changes);
    for (const std::string& warning : validation.calibration_warnings)
        text += in_lines("Calibration warned: " + warning);
    return text;
}

std::string verdict_text(const Validation& validation) {
    std::size_t count = 0;
    std::vector<std::string> missed;
    const Verdict verdict = validation.verdict();
    const auto add = [&](const std::string& figure, Verdict of_figure) {
        if (of_figure != Verdict::shown) ++count;
        if (of_figure == verdict) missed.push_back(figure);
    };
    for (const Figure& figure : validation.figures) add(figure.name, figure.verdict);
    add("parameters", validation.digests.verdict);
    if (verdict == Verdict::pass)
        return fmt::format("PASS: all {} judged figures are within their tolerances.\n", count);
    return in_lines(fmt::format("{}: {} of {} judged figures {}: {}.", name(verdict), missed.size(), count,
                                verdict == Verdict::fail
                                    ? "are beyond their tolerances"
                                    : "have more noise than tolerance, which could explain them",
                                option::joined(missed, ", ")));
}

}  // namespace

std::string sources_text(const Validation& validation) {
    return reference_text(validation) + simulation_text(validation);
}

std::string to_text(const Validation& validation) {
    const scenario::Config& config = validation.simulated.front().config;
    std::string text =
        in_lines(fmt::format("{}, {}: {} against {}; medians", config.method.name(),
                             counted(config.workers, "worker"),
                             counted(validation.simulated.size(), "simulated run"),
                             counted(validation.measured.size(),
                                     validation.reference_is_simulated ? "simulated run" : "real run"))) +
        '\n';
    text += figures_table(validation) + times_table("Phase", validation.phases, validation) +
            times_table("Epoch", validation.epochs, validation) + staleness_table(validation) +
            ranks_table(validation) + '\n';
    text += explanation(validation) + sources_text(validation);
    text += '\n' + verdict_text(validation);
    if (validation.reference_is_simulated)
        text += "The reference is itself simulated: this says nothing about reality.\n";
    return text;
}

}  // namespace lockstep::study
