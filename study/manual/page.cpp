#include "study/manual/page.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "scenario/front_end.hpp"

namespace lockstep::study {
namespace {

using scenario::ExtraOption;
using scenario::front_end_options;

constexpr std::string_view scenario_and_keys = "[SCENARIO.ini] [--key value ...]";

/// A key that is given or not, without a value.
ExtraOption flag_key(std::string key, std::string help) {
    return {std::move(key), "", "no", std::move(help), false, "yes", {}};
}

ExtraOption partial() {
    return flag_key("partial", "Show what is usable of a folder of which something is missing or damaged.");
}

ExtraOption key(std::string name, std::string placeholder, std::string default_value, std::string help,
                std::vector<std::string> choices = {}) {
    return {std::move(name),   std::move(placeholder), std::move(default_value), std::move(help), false, {},
            std::move(choices)};
}

ExtraOption file_for(std::string what) {
    return key("out", "FILE", "", std::move(what));
}

/// lockstep break-even has a key of that name that compares with something else.
ExtraOption changes_to_try() {
    return {"against",
            "KEY=VALUE[;...]",
            "",
            "What is judged is the difference that these changes make, in pairs of runs without and with "
            "them: straggler=worker=3,factor=4. May be repeated.",
            true,
            {},
            {}};
}

/// The keys of a validation.
std::vector<ExtraOption> validation_keys() {
    std::vector<ExtraOption> keys = front_end_options({"repeats", "measured", "time-tolerance"});
    keys.push_back(changes_to_try());
    for (ExtraOption& option : front_end_options(
             {"pairs", "measured-against", "difference-tolerance", "budget", "launcher", "launcher-args"}))
        keys.push_back(std::move(option));
    return keys;
}

std::vector<std::string> known_collectives() {
    std::vector<std::string> names = scenario::find_option("collective")->kind.choices;
    std::erase(names, "library");  // whose messages nobody knows
    return names;
}

CommandPage fit_page() {
    return {
        "fit",
        "CSV [--key value ...]",
        "the machines that runs made elsewhere took place on, and other runs there",
        Operands::table_file,
        "Fit",
        {key("predict", "RUNS", "",
             "What is predicted: METHOD[:PERIOD][@LINKS] with commas between, as in "
             "local-sgd:4@1Gbps,ddp. LINKS are a class of the table or a bandwidth; without them all "
             "classes. Nothing: the first run's method with periods from 1 to 32, and ddp, "
             "which needs a ring."),
         key("collective", "NAME", "ring", "Algorithm of the sums that were measured.", known_collectives()),
         key("workers", "N", "0", "Of the predicted runs; 0: those of the first run."),
         key("steps", "N", "0",
             "For which times are predicted, at most 1000000 / workers; 0: those of the longest run, at most "
             "1000."),
         key("format", "FORMAT", "table", "How fit and predictions are printed.", {"table", "json", "csv"}),
         key("out", "DIR", "",
             "Folder for fit.json, predictions.csv and a platform for each class of links.")}};
}

std::vector<CommandPage> run_pages() {
    return {
        {"sim", scenario_and_keys, "one simulated run: true losses, predicted times", Operands::scenario_file,
         "Beside the run", front_end_options({"without-straggler", "estimate", "platform-seeds"})},
        {"real", scenario_and_keys, "one real run, of an MPI program", Operands::scenario_file,
         "Start of the ranks", front_end_options({"launcher", "launcher-args", "estimate"})},
        {"resume", "DIR [--key value ...]", "go on with a run from its last checkpoint",
         Operands::checkpoint_folder,
         "Beside any key of lockstep sim or real, in place of what the run was given",
         front_end_options({"launcher", "launcher-args"})},
        {"table", scenario_and_keys,
         "the report's table: serial, synchronous and asynchronous runs side by side",
         Operands::scenario_file, "Table",
         front_end_options({"world", "table-rows", "beside-report", "replicates", "launcher", "launcher-args",
                            "estimate"})},
        {"sweep", "[SCENARIO.ini] --sweep KEY=VALUES --out DIR [--key value ...]",
         "simulated runs of all combinations of values, kept and resumed", Operands::scenario_file, "Sweep",
         front_end_options({"sweep", "replicates", "jobs", "shard", "merge", "estimate"})},
        {"compare", scenario_and_keys, "several methods on one scenario, and what limits each",
         Operands::scenario_file, "Comparison", front_end_options({"methods", "estimate"})},
        {"break-even", scenario_and_keys, "the value of a key at which two things take equally long",
         Operands::scenario_file, "Break-even",
         front_end_options({"vary", "between", "against", "measure", "tolerance"})},
        {"calibrate", scenario_and_keys,
         "what steps and messages cost on this machine, as a platform to simulate", Operands::scenario_file,
         "Calibration",
         front_end_options({"name", "folder", "largest-message", "budget", "network-only", "steps-only",
                            "launcher", "launcher-args"})},
        fit_page(),
        {"validate", scenario_and_keys, "the simulation held against real runs: error, bias, a verdict",
         Operands::scenario_file, "Validation", validation_keys()},
    };
}

CommandPage report_page() {
    return {"report",
            "RUN... [--out FILE] [--key value ...]",
            "runs, sweeps, comparisons and validations as one HTML file; or where two runs part",
            Operands::run_folders,
            "Report",
            {file_for("The HTML file; nothing: report.html, or with --diff text on standard output."),
             key("title", "TEXT", "", "Heading; nothing: the names of the folders."),
             flag_key("diff", "Two runs of one configuration, SIM and REAL: where they part."),
             key("tolerance", "PERCENT", "",
                 "With --diff: rounds begin elsewhere from such a difference on, in per cent of REAL's time; "
                 "nothing: 1."),
             partial()}};
}

std::vector<CommandPage> seeing_pages() {
    return {
        report_page(),
        {"show",
         "RUN [--partial]",
         "a run in the terminal: summary, course of the loss, what its ranks did",
         Operands::run_folders,
         "Run",
         {partial()}},
        {"trace",
         "RUN [--key value ...]",
         "what a run's ranks did, for Perfetto and chrome://tracing, or as a table",
         Operands::run_folders,
         "Trace",
         {key("format", "FORMAT", "chrome",
              "chrome: trace events for a viewer; csv: a row for each span of time of each rank.",
              {"chrome", "csv"}),
          file_for("File to write; nothing: standard output."), partial()}},
        {"plot",
         "RUN... --figure FIGURE --out FILE [--key value ...]",
         "a figure for a paper, by gnuplot",
         Operands::run_folders,
         "Figure",
         {key("figure", "FIGURE", "",
              "What is drawn. accuracy, loss: of the test set, of all runs; time-shares: what each worker "
              "spent "
              "its time on; staleness: updates by staleness; updates: of each worker; timeline: what each "
              "rank "
              "did "
              "when; sweep: a figure of a sweep's folder against its first key.",
              {"accuracy", "loss", "time-shares", "staleness", "updates", "timeline", "sweep"}),
          file_for("figure.svg, .pdf or .png: the ending decides."),
          key("against", "AXIS", "time", "What accuracy and loss are drawn against.",
              {"time", "epochs", "samples"}),
          key("column", "COLUMN", "elapsed_s", "Of the sweep's summary.csv, without its ending _mean."),
          flag_key("script", "Print gnuplot's script in place of drawing."), partial()}},
    };
}

std::vector<CommandPage> shell_pages() {
    return {
        {"completion",
         "SHELL [--out FILE]",
         "what makes bash or zsh complete commands, keys and values",
         Operands::shell,
         "Completion",
         {file_for("File to write; nothing: standard output.")}},
        {"man",
         "[COMMAND] [--out DIR]",
         "manual pages",
         Operands::command_name,
         "Manual",
         {key("out", "DIR", "",
              "Folder for the pages of all commands; nothing: one page on standard output.")}},
    };
}

}  // namespace

std::span<const scenario::Group> CommandPage::groups() const {
    if (has_scenario()) return scenario::all_groups;
    return {};
}

std::string CommandPage::usage() const {
    return fmt::format("lockstep {} {}: {}", name, operands, about);
}

std::span<const CommandPage> pages() {
    static const std::vector<CommandPage> table = [] {
        std::vector<CommandPage> all;
        for (const auto& part : {run_pages(), seeing_pages(), shell_pages()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return table;
}

const CommandPage& page_of(std::string_view command) {
    const auto found = std::ranges::find(pages(), command, &CommandPage::name);
    assert(found != pages().end());
    return *found;
}

}  // namespace lockstep::study
