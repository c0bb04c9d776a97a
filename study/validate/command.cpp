#include "study/validate/command.hpp"

#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/front_end.hpp"
#include "scenario/options/options.hpp"
#include "study/scenario_check.hpp"
#include "study/text_request.hpp"
#include "study/validate/reference.hpp"
#include "study/validate/request.hpp"
#include "study/validate/run.hpp"
#include "study/validate/validation.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;
using scenario::Invocation;

/// Creates the folder; an older verdict would be of other runs.
void open_folder(const fs::path& out) {
    if (out.empty()) return;
    std::error_code problem;
    fs::create_directories(out, problem);
    if (!problem) fs::remove(out / "validation.json", problem);
    if (problem)
        throw base::EnvironmentError(fmt::format("{}: cannot write: {}", out.string(), problem.message()));
}

/// The scenario on the platform that this machine was measured to be.
Invocation calibrated(const Invocation& invocation, std::span<const std::string> arguments,
                      std::span<const scenario::ExtraOption> extra, const fs::path& folder) {
    std::vector<std::string> words = without_keys(arguments, std::vector<std::string>{"budget"});
    words.insert(words.end(), {"--platform", calibrate(arguments, invocation.config, folder).string()});
    Invocation on_calibration = scenario::parse(words, extra);
    requested_validation(on_calibration);
    return on_calibration;
}

/// Errors: InputError where the calibration is of processors of another full speed than the real runs'.
void require_same_emulation(const scenario::Config& real, const scenario::Config& simulated) {
    if (!scenario::is_calibrated(simulated)) return;
    const std::string calibrated = scenario::read_calibration(simulated.platform).emulate_speed;
    const std::string asked = scenario::find_option("emulate-speed")->kind.get(real);
    if (calibrated != asked)
        throw base::InputError(
            fmt::format("--platform {}: it was calibrated with emulate-speed '{}', and these runs "
                        "have '{}'; calibrate with the same",
                        simulated.platform, calibrated, asked));
}

Validation validated(std::span<const std::string> arguments, std::span<const scenario::ExtraOption> extra,
                     const Invocation& invocation) {
    refuse_order_files(invocation, "lockstep validate", Replays::refused);
    const ValidationRequest request = requested_validation(invocation);
    const fs::path out = invocation.config.out;
    const Launcher simulator(World::simulated, "");
    std::optional<Launcher> runner;
    std::vector<Run> measured;
    if (request.measured.empty()) {
        runner.emplace(World::real, invocation.extra.at("launcher-args"));
        require_a_core_for_each_rank(invocation.config, *runner);
        measured = planned_real_runs(invocation.config, request.repeats, out);
    } else {
        measured = read_references(request.measured, invocation.config);
    }
    open_folder(out);
    std::optional<TemporaryFolder> temporary;
    if (request.calibrates && out.empty()) temporary.emplace();
    const Invocation on_platform =
        request.calibrates ? calibrated(invocation, arguments, extra, temporary ? temporary->path() : out)
                           : scenario::parse(arguments, extra);
    scenario::require_calibrated_model(on_platform.config);
    require_same_emulation(invocation.config, on_platform.config);

    std::vector<Run> simulated = planned_simulated_runs(on_platform.config, request.repeats, out);
    const std::size_t real_runs = runner ? measured.size() : 0;
    const OnRunDone progress = progress_line(invocation.config, real_runs + simulated.size(), "runs");
    progress(0);
    if (runner) make_runs(measured, *runner, progress);
    make_runs(simulated, simulator, [&](std::size_t done) { progress(real_runs + done); });
    Validation validation = assess(std::move(measured), std::move(simulated), request.criteria);
    if (scenario::is_calibrated(on_platform.config))
        validation.calibration_warnings = scenario::read_calibration(on_platform.config.platform).warnings;
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

}  // namespace

int run_validate(std::span<const std::string> arguments) {
    const auto extra =
        scenario::front_end_options({"repeats", "measured", "time-tolerance", "budget", "launcher-args"});
    const Invocation invocation = scenario::parse(arguments, extra, World::real);
    if (show_text_asked_for(
            invocation, "lockstep validate [SCENARIO.ini] [--key value ...]: a simulation against real runs",
            extra, "Validation"))
        return 0;
    const Validation validation = validated(arguments, extra, invocation);
    const fs::path out = invocation.config.out;
    if (!out.empty()) base::write_file_atomically(out / "validation.json", to_json(validation));
    base::print_to_stdout(rendered(validation, invocation.config.format));
    return static_cast<int>(validation.passed() ? base::ExitStatus::success : base::ExitStatus::failed_check);
}

}  // namespace lockstep::study
