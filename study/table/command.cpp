#include "study/table/command.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/cores.hpp"
#include "scenario/options/options.hpp"
#include "study/estimate/estimate.hpp"
#include "study/launch/launcher.hpp"
#include "study/launch/output_folder.hpp"
#include "study/scenario_check.hpp"
#include "study/table/export.hpp"
#include "study/table/rows.hpp"
#include "study/table/table.hpp"
#include "study/table/text.hpp"
#include "study/text_request.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Config;
using scenario::Invocation;

template <class Value>
Value chosen(const Invocation& invocation, const std::string& key,
             std::initializer_list<std::pair<std::string_view, Value>> choices) {
    std::string allowed;
    for (const auto& [name, value] : choices) {
        if (invocation.extra.at(key) == name) return value;
        allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", name);
    }
    throw InputError("--" + key, invocation.extra.at(key), allowed);
}

std::size_t requested_replicates(const Invocation& invocation) {
    constexpr option::WholeRange range{1, 10'000};
    const std::size_t replicates = option::parse_whole("--replicates", invocation.extra.at("replicates"),
                                                       range, option::describe(range));
    if (invocation.config.seed > std::numeric_limits<std::uint64_t>::max() - (replicates - 1))
        throw InputError("--seed", std::to_string(invocation.config.seed),
                         "a seed with room for those of the replicates above it");
    return replicates;
}

/// The runs of one row.
void add_row(Table& table, const Config& scenario, const MethodRequest& request) {
    for (std::size_t i = 0; i < table.replicates; ++i) {
        Run& run = table.runs.emplace_back();
        run.config = scenario;
        run.config.method = request.method;
        run.config.workers = request.workers;
        run.config.seed += i;
        run.name = request.name();
        if (table.replicates > 1) run.name += fmt::format(" with seed {}", run.config.seed);
        if (scenario.events != scenario::Events::none)
            run.out = run_folder(table, run, scenario.out).string();
    }
}

Table requested_table(const Invocation& invocation) {
    Table table;
    table.world = chosen<World>(invocation, "world", {{"sim", World::simulated}, {"real", World::real}});
    table.beside_report = chosen<bool>(invocation, "beside-report", {{"yes", true}, {"no", false}});
    table.cores = base::allowed_cores();
    table.replicates = requested_replicates(invocation);
    for (const MethodRequest& request : parse_table_rows(invocation.extra.at("table-rows")))
        add_row(table, invocation.config, request);
    return table;
}

/// A key on the command line must have an effect on some row; what the rows themselves decide has none.
void check(const Invocation& invocation, const Table& table) {
    for (const char* key : {"method", "workers"})
        if (invocation.given_on_command_line(key))
            throw InputError(
                fmt::format("--{}: not with lockstep table; choose its rows by --table-rows", key));
    for (const char* key : {"launcher", "launcher-args"})
        if (table.world == World::simulated && invocation.given_on_command_line(key))
            throw InputError(fmt::format("--{}: it applies only with --world real; remove it", key));
    refuse_order_files(invocation, "lockstep table", Replays::refused);
    std::vector<Config> configs;
    for (std::size_t i = 0; i < table.rows(); ++i) configs.push_back(table.row(i).front().config);
    check_scenarios(invocation, configs, table.world, "row of the table");
}

void print(const Table& table, scenario::Format format) {
    switch (format) {
        case scenario::Format::json:
            return base::print_to_stdout(to_json(table));
        case scenario::Format::csv:
            return base::print_to_stdout(table.replicates == 1 ? to_csv(table) : summary_csv(table));
        case scenario::Format::table:
            return base::print_to_stdout(to_text(table));
    }
}

}  // namespace

int run_table(std::span<const std::string> arguments) {
    const CommandPage& page = page_of("table");
    const auto& extra = page.keys;
    Invocation invocation = scenario::parse(arguments, extra);
    if (show_text_asked_for(invocation, page)) return 0;
    if (invocation.extra.at("world") == "real") invocation = scenario::parse(arguments, extra, World::real);
    Table table = requested_table(invocation);
    check(invocation, table);
    const Launcher launcher(table.world, launcher_choice(invocation));

    if (asks_for_estimate(invocation)) {
        std::vector<Config> runs;
        for (const Run& run : table.runs) runs.push_back(run.config);
        return show_estimate(invocation, runs, launcher);
    }
    OutputFolder folder(invocation.config.out);
    const OnRunDone progress =
        progress_line(invocation.config, table.runs.size(), table.replicates == 1 ? "rows" : "runs");
    progress(0);
    do_runs(table.runs, launcher, "row", progress);
    if (!invocation.config.out.empty()) write_table(table, invocation.config.out);
    folder.close();
    print(table, invocation.config.format);
    return report_failures(table.runs, "row");
}

}  // namespace lockstep::study
