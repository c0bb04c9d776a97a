#include "study/command.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "scenario/options/suggest.hpp"
#include "study/break_even/command.hpp"
#include "study/compare/command.hpp"
#include "study/manual/commands.hpp"
#include "study/plot/command.hpp"
#include "study/report/command.hpp"
#include "study/run_command.hpp"
#include "study/show/command.hpp"
#include "study/sweep/command.hpp"
#include "study/table/command.hpp"
#include "study/trace/command.hpp"
#include "study/validate/command.hpp"

namespace lockstep::study {
namespace {

constexpr std::array<Command, 14> table{{
    {"sim", "one simulated run: true losses, predicted times", run_simulated},
    {"real", "one run under mpirun", run_real},
    {"table", "the report's table: serial, synchronous and asynchronous runs side by side", run_table},
    {"sweep", "simulated runs of all combinations of values, kept and resumed", run_sweep_command},
    {"compare", "several methods on one scenario, and what limits each", run_compare},
    {"break-even", "the value of a key at which two things take equally long", run_break_even},
    {"calibrate", "what steps and messages cost on this machine, as a platform to simulate", run_calibration},
    {"validate", "the simulation held against real runs: error, bias, PASS or FAIL", run_validate},
    {"report", "runs, sweeps, comparisons and validations as one HTML file; or where two runs part",
     run_report},
    {"show", "a run in the terminal: summary, course of the loss, what its ranks did", run_show},
    {"trace", "what a run's ranks did, for Perfetto and chrome://tracing, or as a table", run_trace},
    {"plot", "a figure for a paper, by gnuplot", run_plot},
    {"completion", "what makes bash or zsh complete commands, keys and values", run_completion},
    {"man", "manual pages", run_man},
}};

std::string overview() {
    std::string text =
        "lockstep COMMAND [SCENARIO.ini] [--key value ...]: parallel SGD, simulated and "
        "measured\n\nCommands\n";
    for (const Command& command : commands())
        text += fmt::format("  {:<10} {}\n", command.name, command.summary);
    return text +
           "\nlockstep help COMMAND lists a command's options; lockstep --version shows the version.\n";
}

std::string known_names() {
    std::string text;
    for (const Command& command : commands())
        text += fmt::format("{}{}", text.empty() ? "" : ", ", command.name);
    return text;
}

const Command& find_command(const std::string& name) {
    const auto found = std::ranges::find(commands(), name, &Command::name);
    if (found != commands().end()) return *found;
    std::vector<std::string_view> names{"help"};
    for (const Command& command : commands()) names.push_back(command.name);
    const std::string_view meant = scenario::nearest(name, names);
    throw base::InputError(
        "command", name, known_names(),
        meant.empty() ? "lockstep --help describes them" : fmt::format("did you mean {}?", meant));
}

int show_help(std::span<const std::string> about) {
    if (about.size() > 1)
        throw base::InputError("lockstep help", about[1], "one command", "lockstep --help describes them");
    if (!about.empty()) return find_command(about[0]).run(std::array{std::string("--help")});
    base::print_to_stdout(overview());
    return 0;
}

}  // namespace

std::span<const Command> commands() {
    return table;
}

int run_command_line(const std::vector<std::string>& arguments) {
    if (arguments.empty())
        throw base::InputError(fmt::format(
            "the command is missing; allowed: {}; lockstep --help describes them", known_names()));
    const std::string& name = arguments.front();
    const auto rest = std::span(arguments).subspan(1);
    if (name == "help") return show_help(rest);
    if (name == "--help" || name == "-h") return show_help({});
    if (name == "--version") {
        base::print_to_stdout(fmt::format("lockstep {} ({})\n", base::version(), base::git_revision()));
        return 0;
    }
    return find_command(name).run(rest);
}

}  // namespace lockstep::study
