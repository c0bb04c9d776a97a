#include "study/command.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/build_info.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "option/suggest.hpp"
#include "study/break_even/command.hpp"
#include "study/compare/command.hpp"
#include "study/fit/command.hpp"
#include "study/manual/commands.hpp"
#include "study/manual/page.hpp"
#include "study/plot/command.hpp"
#include "study/report/command.hpp"
#include "study/resume/command.hpp"
#include "study/run_command.hpp"
#include "study/show/command.hpp"
#include "study/sweep/command.hpp"
#include "study/table/command.hpp"
#include "study/trace/command.hpp"
#include "study/validate/command.hpp"

namespace lockstep::study {
namespace {

constexpr Command table[]{
    {"sim", run_simulated},
    {"real", run_real},
    {"resume", run_resume},
    {"table", run_table},
    {"sweep", run_sweep_command},
    {"compare", run_compare},
    {"break-even", run_break_even},
    {"calibrate", run_calibration},
    {"fit", run_fit},
    {"validate", run_validate},
    {"report", run_report},
    {"show", run_show},
    {"trace", run_trace},
    {"plot", run_plot},
    {"completion", run_completion},
    {"man", run_man},
};

std::string overview() {
    std::string text =
        "lockstep COMMAND [SCENARIO.ini] [--key value ...]: parallel SGD, simulated and "
        "measured\n\nCommands\n";
    for (const CommandPage& page : pages()) text += fmt::format("  {:<10} {}\n", page.name, page.about);
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
    const std::string_view meant = option::nearest(name, names);
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
