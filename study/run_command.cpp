#include "study/run_command.hpp"

#include <cstdio>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "scenario/front_end.hpp"
#include "scenario/validate.hpp"
#include "study/compare/healing.hpp"
#include "study/launch/child_process.hpp"
#include "study/launch/launcher.hpp"
#include "study/scenario_check.hpp"
#include "study/text_request.hpp"

namespace lockstep::study {
namespace {

using scenario::Invocation;

/// Runs it and shows what was captured. mpirun's own failures have any status but those of our programs.
int run(const ChildCommand& command, Streams streams, World world) {
    const ChildEnd end = run_child(command, streams);
    const bool spoke_itself = end.status == static_cast<int>(base::ExitStatus::success) ||
                              end.status == static_cast<int>(base::ExitStatus::bad_input) ||
                              end.status == static_cast<int>(base::ExitStatus::environment);
    if (end.by_signal || (world == World::real && !spoke_itself))
        throw base::EnvironmentError(failure_of(command, end));
    fmt::print(stderr, "{}", end.errors);
    base::print_to_stdout(end.output);
    return end.status;
}

/// The arguments without `--launcher-args`, which are for us.
std::vector<std::string> for_program(std::span<const std::string> arguments) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--launcher-args")
            ++i;
        else if (!arguments[i].starts_with("--launcher-args="))
            result.push_back(arguments[i]);
    }
    return result;
}

/// Under mpirun stderr is never a terminal, so that the program cannot see whether ours is.
bool must_ask_for_progress(const Invocation& invocation) {
    return invocation.config.progress == scenario::Progress::automatic &&
           !invocation.given_on_command_line("progress") && ::isatty(STDERR_FILENO) == 1;
}

}  // namespace

int run_simulated(std::span<const std::string> arguments) {
    const auto extra = scenario::front_end_options({"without-straggler"});
    const Invocation invocation = scenario::parse(arguments, extra);
    if (show_text_asked_for(invocation,
                            "lockstep sim [SCENARIO.ini] [--key value ...]: one run in the simulated world",
                            extra, "Counterfactual"))
        return 0;
    check_scenario(invocation, World::simulated);
    if (asks_for_healing(invocation)) return run_healing(invocation);
    const Launcher launcher(World::simulated, "");
    return run(launcher.command(1, arguments), Streams::inherited, World::simulated);
}

int run_real(std::span<const std::string> arguments) {
    const auto extra = scenario::front_end_options({"launcher-args"});
    const Invocation invocation = scenario::parse(arguments, extra, World::real);
    if (show_text_asked_for(invocation,
                            "lockstep real [SCENARIO.ini] [--key value ...]: one run under mpirun", extra,
                            "Start under mpirun"))
        return 0;
    check_scenario(invocation, World::real);
    const Launcher launcher(World::real, invocation.extra.at("launcher-args"));
    const std::size_t ranks = scenario::rank_count(invocation.config);
    std::vector<std::string> passed_on = for_program(arguments);
    const bool asks = must_ask_for_progress(invocation);
    if (asks) passed_on.insert(passed_on.end(), {"--progress", "always"});
    const bool shows_progress = asks || invocation.config.progress == scenario::Progress::always;
    return run(launcher.command(ranks, passed_on),
               shows_progress ? Streams::output_captured : Streams::captured, World::real);
}

int run_calibration(std::span<const std::string> arguments) {
    const auto extra =
        scenario::front_end_options({"name", "folder", "largest-message", "budget", "launcher-args"});
    Invocation invocation = scenario::parse(arguments, extra, World::real);
    if (show_text_asked_for(
            invocation, "lockstep calibrate [SCENARIO.ini] [--key value ...]: what steps and messages cost",
            extra, "Calibration"))
        return 0;
    scenario::choose_method_for_workers(invocation);
    check_scenario(invocation, World::real);
    const Launcher launcher(World::real, invocation.extra.at("launcher-args"));
    std::vector<std::string> passed_on = for_program(arguments);
    passed_on.insert(passed_on.begin(), "calibrate");
    if (!invocation.given_on_command_line("workers"))
        passed_on.push_back(fmt::format("--workers={}", invocation.config.workers));
    return run(launcher.command(scenario::rank_count(invocation.config), passed_on), Streams::captured,
               World::real);
}

}  // namespace lockstep::study
