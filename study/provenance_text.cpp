#include "study/provenance_text.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/terminal.hpp"
#include "option/lists.hpp"
#include "result/expected_error.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::study {
namespace {

/// The successful run on the most ranks: its platform includes those of the others.
const Run* largest_run(std::span<const Run> runs) {
    const Run* largest = nullptr;
    for (const Run& run : runs)
        if (run.result && (largest == nullptr || rank_count(run.config) > rank_count(largest->config)))
            largest = &run;
    return largest;
}

/// Whether all runs have as many workers, but for serial ones, which have one.
bool workers_are_common(std::span<const Run> runs, const scenario::Config& config) {
    return std::ranges::all_of(runs, [&](const Run& run) {
        return run.config.workers == config.workers || run.config.method == "serial";
    });
}

/// What differs from the defaults and concerns every run.
std::string options_of(std::span<const Run> runs, const scenario::Config& config, World world) {
    std::string text;
    for (const scenario::Option& option : scenario::options()) {
        const bool not_here = scenario::decides_nothing(option.group) || option.key == "method" ||
                              (option.key == "workers" && !workers_are_common(runs, config)) ||
                              !has_use_for(option, world, config);
        const std::string value = option.kind.get(config);
        if (!not_here && value != scenario::default_text(option))
            text += fmt::format(" --{}={}", option.key, value);
    }
    return text.empty() ? " all defaults" : text;
}

}  // namespace

std::vector<std::string> calibration_warnings(std::span<const Run> runs) {
    std::vector<std::string> all;
    for (const Run& run : runs) {
        if (!run.result) continue;
        for (const std::string& warning : run.result->provenance.calibration_warnings)
            if (std::ranges::find(all, warning) == all.end()) all.push_back(warning);
    }
    return all;
}

std::string provenance_text(std::span<const Run> runs, World world) {
    const Run* run = largest_run(runs);
    if (run == nullptr) return {};
    const result::Provenance& source = run->result->provenance;
    std::string text;
    const auto add = [&](const std::string& line) { text += base::in_lines(line); };
    add(fmt::format("{} world: {}, {}", world == World::simulated ? "Simulated" : "Real", source.backend,
                    source.platform));
    add("Data: " + source.data_description);
    add("Options:" + options_of(runs, run->config, world));
    add(fmt::format("lockstep {} ({}), {}, {}{}, on {}, {}", source.lockstep_version, source.git_revision,
                    source.compiler, source.instruction_set,
                    source.products.empty() ? "" : ", " + source.products, source.host, source.started_utc));
    for (const std::string& warning : calibration_warnings(runs)) add("Calibration warned: " + warning);
    return text;
}

std::string expected_error_text(std::span<const Run> runs) {
    const result::ExpectedError* worst = nullptr;
    std::vector<std::string> reasons;
    for (const Run& run : runs) {
        if (!run.result || !run.result->expected_error) continue;
        const result::ExpectedError& error = *run.result->expected_error;
        if (error.cases == 0) {
            if (std::ranges::count(reasons, error.why_unknown) == 0) reasons.push_back(error.why_unknown);
        } else if (worst == nullptr || error.nine_in_ten_percent > worst->nine_in_ten_percent) {
            worst = &error;
        }
    }
    if (worst == nullptr && reasons.empty()) return {};
    std::string text = "Expected error of times: ";
    if (worst != nullptr) text += fmt::format("{} {}", result::bound_of(*worst), result::basis_of(*worst));
    if (!reasons.empty())
        text += fmt::format("{}: {}", worst == nullptr ? "unknown" : "; of some runs unknown",
                            option::joined(reasons, "; "));
    return base::in_lines(text);
}

}  // namespace lockstep::study
