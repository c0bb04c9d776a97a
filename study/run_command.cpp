#include "study/run_command.hpp"

#include <csignal>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/program.hpp"
#include "base/progress_line.hpp"
#include "base/terminal.hpp"
#include "result/time_range.hpp"
#include "scenario/validate.hpp"
#include "study/compare/healing.hpp"
#include "study/estimate/estimate.hpp"
#include "study/launch/child_process.hpp"
#include "study/launch/launcher.hpp"
#include "study/launch/launcher_errors.hpp"
#include "study/launch/progress.hpp"
#include "study/launch/remains.hpp"
#include "study/scenario_check.hpp"
#include "study/text_request.hpp"
#include "study/time_range/times_beside.hpp"

namespace lockstep::study {
namespace {

using scenario::Invocation;

/// Whether a rank ended so: with an error of its own, or interrupted, which its result tells as well.
bool is_ours(const ChildEnd& end, const LauncherErrors& errors) {
    using enum base::ExitStatus;
    const auto status = static_cast<base::ExitStatus>(end.status);
    const bool has_spoken = !errors.own_complaint().empty();
    return ((status == bad_input || status == environment) && has_spoken) ||
           (status == interrupted && (has_spoken || has_report(end.output)));
}

/// A run that writes checkpoints ends by itself where it is asked to: it writes one, and what it has learnt.
/// Launchers pass on this signal, and end their ranks where they get others.
void warn_first(ChildCommand& command, const scenario::Config& config) {
    if (!config.checkpoint.empty()) command.warning_signal = SIGUSR1;
}

/// The arguments without those of the launcher, which are for us.
std::vector<std::string> for_program(std::span<const std::string> arguments) {
    return scenario::without_keys(arguments, std::vector<std::string>{"launcher", "launcher-args"});
}

/// Under a launcher stderr is never a terminal, so that the program cannot see whether ours is, nor how wide.
/// A failure is the program's own where it has spoken, else the launcher's, whatever the status.
int run_under_launcher(const Launcher& launcher, const Invocation& invocation,
                       std::vector<std::string> words) {
    const bool shows_progress = wants_progress(invocation.config);
    if (shows_progress && !invocation.given_on_command_line("progress"))
        words.insert(words.end(), {"--progress", "always"});
    ChildCommand command = launcher.command(scenario::rank_count(invocation.config), words);
    if (shows_progress) {
        command.environment.emplace_back("COLUMNS", fmt::format("{}", base::terminal_columns(STDERR_FILENO)));
        command.environment.emplace_back(base::progress_end_variable, "1");
    }
    warn_first(command, invocation.config);
    const Remains remains(invocation.config);
    LauncherErrors errors;
    std::string kept;
    const ChildEnd end = run_child(command, Streams::captured, [&](std::string_view piece) {
        const std::string text = errors.add(piece);
        shows_progress ? base::print_to_stderr(text) : void(kept += text);
    });
    kept += errors.finish();
    const bool is_silent = end.status == 0 && !has_report(end.output);
    if (end.by_signal || is_silent || (end.status != 0 && !is_ours(end, errors)))
        throw base::EnvironmentError(remains.told_after(failure_of(command, end)));
    base::print_to_stderr(kept);
    if (end.status == static_cast<int>(base::ExitStatus::environment))
        if (const std::string told = remains.told(); !told.empty())
            base::print_message(fmt::format("lockstep: {}", told));
    base::print_to_stdout(end.output);
    return end.status;
}

}  // namespace

int run_simulated(std::span<const std::string> arguments) {
    const CommandPage& page = page_of("sim");
    const auto& extra = page.keys;
    const Invocation invocation = scenario::parse(arguments, extra);
    if (show_text_asked_for(invocation, page)) return 0;
    check_scenario(invocation, World::simulated);
    const Launcher launcher(World::simulated);
    if (asks_for_estimate(invocation)) return show_estimate(invocation, {&invocation.config, 1}, launcher);
    if (asks_for_healing(invocation)) return run_healing(invocation);
    ChildCommand command =
        launcher.command(1, scenario::without_keys(arguments, std::vector<std::string>{"platform-seeds"}));
    if (const auto beside = times_beside(invocation, launcher))
        command.environment.emplace_back(result::times_beside_variable, *beside);
    warn_first(command, invocation.config);
    const ChildEnd end = run_child(command, Streams::inherited);
    const std::string failure = end.by_signal ? failure_of(command, end) : std::string();
    if (end.by_signal && end.status == 128 + SIGPIPE)
        throw base::BrokenPipe("stdout: cannot write: Broken pipe");
    if (end.by_signal) throw base::EnvironmentError(failure);
    return end.status;
}

int run_real(std::span<const std::string> arguments) {
    const CommandPage& page = page_of("real");
    const auto& extra = page.keys;
    Invocation invocation = scenario::parse(arguments, extra, World::real);
    if (show_text_asked_for(invocation, page)) return 0;
    const std::vector<std::string> words = with_workers_of_job(invocation, arguments);
    invocation = scenario::parse(words, extra, World::real);
    check_scenario(invocation, World::real);
    const Launcher launcher(World::real, launcher_choice(invocation));
    if (asks_for_estimate(invocation)) return show_estimate(invocation, {&invocation.config, 1}, launcher);
    return run_under_launcher(launcher, invocation, for_program(words));
}

int run_calibration(std::span<const std::string> arguments) {
    const CommandPage& page = page_of("calibrate");
    const auto& extra = page.keys;
    Invocation invocation = scenario::parse(arguments, extra, World::real);
    if (show_text_asked_for(invocation, page)) return 0;
    const bool has_method = invocation.given_on_command_line("method") || invocation.given_in_file("method");
    const std::vector<std::string> words = with_workers_of_job(invocation, arguments, !has_method);
    invocation = scenario::parse(words, extra, World::real);
    scenario::choose_method_for_workers(invocation);
    check_scenario(invocation, World::real);
    if (invocation.given_on_command_line("checkpoint"))
        throw base::InputError("--checkpoint", invocation.config.checkpoint,
                               "nothing with lockstep calibrate", "make checkpoints of runs");
    invocation.config.checkpoint.clear();
    const Launcher launcher(World::real, launcher_choice(invocation));
    std::vector<std::string> passed_on = for_program(words);
    passed_on.insert(passed_on.begin(), "calibrate");
    if (!invocation.given_on_command_line("workers"))
        passed_on.push_back(fmt::format("--workers={}", invocation.config.workers));
    return run_under_launcher(launcher, invocation, std::move(passed_on));
}

}  // namespace lockstep::study
