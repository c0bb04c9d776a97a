#include "study/validate/command.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/options/options.hpp"
#include "study/launch/output_folder.hpp"
#include "study/launch/temporary_folder.hpp"
#include "study/provenance_text.hpp"
#include "study/scenario_check.hpp"
#include "study/text_request.hpp"
#include "study/validate/against/intervention.hpp"
#include "study/validate/reference.hpp"
#include "study/validate/request.hpp"
#include "study/validate/run.hpp"
#include "study/validate/side.hpp"
#include "study/validate/validation.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;
using scenario::Config;
using scenario::Invocation;
using Extra = std::span<const scenario::ExtraOption>;

/// It would be of other runs.
void remove_older_verdict(const fs::path& out) {
    if (out.empty()) return;
    std::error_code problem;
    fs::remove(out / "validation.json", problem);
    if (problem)
        throw base::EnvironmentError(fmt::format("{}: cannot write: {}", out.string(), problem.message()));
}

/// Of its calibrations, and of what these do not know of its runs.
std::vector<std::string> warnings_of(const Side& side) {
    const std::vector<Config>& platforms = side.platforms;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < platforms.size(); ++i) {
        if (!scenario::is_calibrated(platforms[i])) continue;
        for (const std::string& warning : scenario::read_calibrations(platforms[i]).warnings)
            all.push_back(platforms.size() == 1 ? warning
                                                : fmt::format("calibration {}: {}", i + 1, warning));
    }
    for (std::string& warning : calibration_warnings(side.simulated)) all.push_back(std::move(warning));
    return all;
}

/// Everything that can be refused before anything runs has been.
void plan_measurements(std::span<Side> sides, Extra extra, const std::optional<Launcher>& runner,
                       const fs::path& out) {
    for (Side& side : sides) {
        if (runner) {
            require_a_core_for_each_rank(side.config, *runner);
            side.measured = planned_real_runs(side.config, side.request.repeats, out, side.prefix);
        } else {
            side.measured = read_references(side.request.measured, side.config);
        }
        if (!side.request.calibrates) side.platforms.push_back(on_platform(side.words, extra, side.config));
    }
}

/// As many as will be, before the platforms are known.
std::size_t simulated_runs(std::span<const Side> sides, const fs::path& out) {
    std::size_t count = 0;
    for (const Side& side : sides)
        count += side.request.calibrates
                     ? side.request.repeats
                     : planned_simulated_runs(side.platforms, side.request.repeats, out).size();
    return count;
}

/// With results on every side. `folder` is opened when all that can be refused has been.
std::vector<Side> compared(std::span<const std::string> arguments, Extra extra, const Invocation& invocation,
                           std::optional<OutputFolder>& folder) {
    refuse_order_files(invocation, "lockstep validate", Replays::refused);
    std::vector<Side> sides = requested_sides(invocation, arguments, extra);
    const bool calibrates = sides.front().request.calibrates;
    const fs::path out = invocation.config.out;
    std::optional<Launcher> runner;
    if (sides.front().request.measured.empty()) runner.emplace(World::real, launcher_choice(invocation));
    plan_measurements(sides, extra, runner, out);
    folder.emplace(out);
    remove_older_verdict(out);

    std::optional<TemporaryFolder> temporary;
    if (calibrates && out.empty()) temporary.emplace();
    const std::size_t real_runs = runner ? sides.size() * sides.front().measured.size() : 0;
    const std::size_t measurements = calibrations(sides) + real_runs;
    const OnRunDone progress = progress_line(invocation.config, measurements + simulated_runs(sides, out),
                                             calibrates ? "calibrations and runs" : "runs");
    progress(0);
    if (runner) measure(sides, extra, *runner, temporary ? temporary->path() : out, progress);
    for (Side& side : sides)
        side.simulated = planned_simulated_runs(side.platforms, side.request.repeats, out, side.prefix);
    simulate(sides, [&](std::size_t done) { progress(measurements + done); });
    for (Side& side : sides) side.calibration_warnings = warnings_of(side);
    return sides;
}

Validation assessed(Side side) {
    Validation validation =
        assess(std::move(side.measured), std::move(side.simulated), side.request.criteria);
    validation.calibration_warnings = std::move(side.calibration_warnings);
    return validation;
}

template <typename Finding>
std::string rendered(const Finding& finding, scenario::Format format) {
    switch (format) {
        case scenario::Format::json:
            return to_json(finding);
        case scenario::Format::csv:
            return to_csv(finding);
        case scenario::Format::table:
            return to_text(finding);
    }
    return {};
}

/// What is said, to whom it is said, and the status that it ends with.
struct Answer {
    std::string json;
    std::string shown;
    Verdict verdict;
};

template <typename Finding>
Answer answer(const Finding& finding, scenario::Format format) {
    return {to_json(finding), rendered(finding, format), finding.verdict()};
}

Answer answer_of(std::vector<Side> sides, scenario::Format format) {
    const ValidationRequest request = sides.front().request;
    if (sides.size() == 1) return answer(assessed(std::move(sides.front())), format);
    const std::vector<ChangedKey> keys =
        changed_keys(request.changes, sides.front().config, sides.back().config);
    return answer(intervene(assessed(std::move(sides.front())), assessed(std::move(sides.back())), keys,
                            request.difference_percent),
                  format);
}

base::ExitStatus status_of(Verdict verdict) {
    using enum base::ExitStatus;
    if (verdict == Verdict::fail) return failed_check;
    return verdict == Verdict::inconclusive ? inconclusive : success;
}

}  // namespace

int run_validate(std::span<const std::string> arguments) {
    const CommandPage& page = page_of("validate");
    const auto& extra = page.keys;
    Invocation invocation = scenario::parse(arguments, extra, World::real);
    if (show_text_asked_for(invocation, page)) return 0;
    std::vector<std::string> words(arguments.begin(), arguments.end());
    if (invocation.extra.at("measured").empty()) words = with_workers_of_job(invocation, arguments);
    invocation = scenario::parse(words, extra, World::real);
    std::optional<OutputFolder> folder;
    const Answer found = answer_of(compared(words, extra, invocation, folder), invocation.config.format);
    const fs::path out = invocation.config.out;
    if (!out.empty()) base::write_file_atomically(out / "validation.json", found.json);
    folder.reset();
    base::print_to_stdout(found.shown);
    return static_cast<int>(status_of(found.verdict));
}

}  // namespace lockstep::study
