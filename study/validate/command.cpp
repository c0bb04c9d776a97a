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
#include "study/scenario_check.hpp"
#include "study/text_request.hpp"
#include "study/validate/reference.hpp"
#include "study/validate/request.hpp"
#include "study/validate/run.hpp"
#include "study/validate/validation.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;
using scenario::Config;
using scenario::Invocation;

/// It would be of other runs.
void remove_older_verdict(const fs::path& out) {
    if (out.empty()) return;
    std::error_code problem;
    fs::remove(out / "validation.json", problem);
    if (problem)
        throw base::EnvironmentError(fmt::format("{}: cannot write: {}", out.string(), problem.message()));
}

using Extra = std::span<const scenario::ExtraOption>;

/// Errors: InputError where the calibration is of processors of another full speed than the real runs'.
void require_same_emulation(const Config& real, const Config& simulated) {
    if (!scenario::is_calibrated(simulated)) return;
    const std::string calibrated = scenario::read_calibration(simulated.platform).emulate_speed;
    const std::string asked = scenario::find_option("emulate-speed")->kind.get(real);
    if (calibrated != asked)
        throw base::InputError(
            fmt::format("--platform {}: it was calibrated with emulate-speed '{}', and these runs "
                        "have '{}'; calibrate with the same",
                        simulated.platform, calibrated, asked));
}

/// The scenario on the platform that it is simulated on. Errors: InputError where that is of another
/// scenario.
Config on_platform(std::span<const std::string> arguments, Extra extra, const Config& real) {
    const Invocation invocation = scenario::parse(arguments, extra);
    requested_validation(invocation);
    scenario::require_calibrated_model(invocation.config);
    require_same_emulation(real, invocation.config);
    return invocation.config;
}

/// A machine's speed drifts, so it is measured anew before each run. Returns the platforms that were
/// measured.
std::vector<Config> calibrate_and_run(std::vector<Run>& runs, std::span<const std::string> arguments,
                                      Extra extra, const Launcher& runner, const fs::path& folder,
                                      double budget_s, const OnRunDone& progress) {
    std::vector<Config> platforms;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const fs::path file = calibrate(arguments, runs[i].config, folder, i + 1,
                                        std::max(budget_s / static_cast<double>(runs.size()), 1.0));
        std::vector<std::string> words =
            scenario::without_keys(arguments, std::vector<std::string>{"budget"});
        words.insert(words.end(), {"--platform", file.string()});
        platforms.push_back(on_platform(words, extra, runs[i].config));
        progress(2 * i + 1);
        make_runs(std::span(runs).subspan(i, 1), runner, [&](std::size_t) { progress(2 * i + 2); });
    }
    return platforms;
}

std::vector<std::string> warnings_of(const std::vector<Config>& platforms) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < platforms.size(); ++i) {
        if (!scenario::is_calibrated(platforms[i])) continue;
        for (const std::string& warning : scenario::read_calibration(platforms[i].platform).warnings)
            all.push_back(platforms.size() == 1 ? warning
                                                : fmt::format("calibration {}: {}", i + 1, warning));
    }
    return all;
}

/// `folder` is opened when all that can be refused has been.
Validation validated(std::span<const std::string> arguments, Extra extra, const Invocation& invocation,
                     std::optional<OutputFolder>& folder) {
    refuse_order_files(invocation, "lockstep validate", Replays::refused);
    const ValidationRequest request = requested_validation(invocation);
    const Config& config = invocation.config;
    const fs::path out = config.out;
    std::optional<Launcher> runner;
    std::vector<Run> measured;
    if (request.measured.empty()) {
        runner.emplace(World::real, launcher_choice(invocation));
        require_a_core_for_each_rank(config, *runner);
        measured = planned_real_runs(config, request.repeats, out);
    } else {
        measured = read_references(request.measured, config);
    }
    std::vector<Config> platforms;
    if (!request.calibrates) platforms.push_back(on_platform(arguments, extra, config));
    folder.emplace(out);
    remove_older_verdict(out);

    std::optional<TemporaryFolder> temporary;
    if (request.calibrates && out.empty()) temporary.emplace();
    const std::size_t real_runs = runner ? measured.size() : 0;
    const std::size_t simulated_runs =
        request.calibrates ? real_runs : planned_simulated_runs(platforms, request.repeats, out).size();
    const std::size_t calibrations = request.calibrates ? real_runs : 0;
    const std::size_t measurements = calibrations + real_runs;
    const OnRunDone progress = progress_line(config, measurements + simulated_runs,
                                             request.calibrates ? "calibrations and runs" : "runs");
    progress(0);
    if (request.calibrates)
        platforms = calibrate_and_run(measured, arguments, extra, *runner,
                                      temporary ? temporary->path() : out, request.budget_s, progress);
    else if (runner)
        make_runs(measured, *runner, progress);
    std::vector<Run> simulated = planned_simulated_runs(platforms, request.repeats, out);
    make_runs(simulated, Launcher(World::simulated),
              [&](std::size_t done) { progress(measurements + done); });
    Validation validation = assess(std::move(measured), std::move(simulated), request.criteria);
    validation.calibration_warnings = warnings_of(platforms);
    return validation;
}

std::string rendered(const Validation& validation, scenario::Format format) {
    switch (format) {
        case scenario::Format::json:
            return to_json(validation);
        case scenario::Format::csv:
            return to_csv(validation);
        case scenario::Format::table:
            return to_text(validation);
    }
    return {};
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
    const Validation validation = validated(words, extra, invocation, folder);
    const fs::path out = invocation.config.out;
    if (!out.empty()) base::write_file_atomically(out / "validation.json", to_json(validation));
    folder.reset();
    base::print_to_stdout(rendered(validation, invocation.config.format));
    return static_cast<int>(status_of(validation.verdict()));
}

}  // namespace lockstep::study
