#include "study/run_command.hpp"

#include <cstdio>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "scenario/front_end.hpp"
#include "study/child_process.hpp"
#include "study/launcher.hpp"
#include "study/scenario_check.hpp"
#include "study/text_request.hpp"

namespace lockstep::study {
namespace {

using scenario::Invocation;

int run(const ChildCommand& command) {
    const ChildEnd end = run_child(command, Streams::inherited);
    if (end.status <= 128) return end.status;
    throw base::EnvironmentError(fmt::format("the run {}", failure_of(end)));
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
    const Invocation invocation = scenario::parse(arguments);
    if (show_text_asked_for(invocation,
                            "lockstep sim [SCENARIO.ini] [--key value ...]: one run in the simulated world"))
        return 0;
    check_scenario(invocation, World::simulated);
    const Launcher launcher(World::simulated, "");
    return run(launcher.command(1, arguments));
}

int run_real(std::span<const std::string> arguments) {
    const auto extra = scenario::front_end_options({"launcher-args"});
    const Invocation invocation = scenario::parse(arguments, extra);
    if (show_text_asked_for(invocation,
                            "lockstep real [SCENARIO.ini] [--key value ...]: one run under mpirun", extra,
                            "Start under mpirun"))
        return 0;
    check_scenario(invocation, World::real);
    const Launcher launcher(World::real, invocation.extra.at("launcher-args"));
    const std::size_t ranks = scenario::rank_count(invocation.config);
    std::vector<std::string> passed_on = for_program(arguments);
    if (must_ask_for_progress(invocation)) passed_on.insert(passed_on.end(), {"--progress", "always"});
    return run(launcher.command(ranks, passed_on));
}

}  // namespace lockstep::study
