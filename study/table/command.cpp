#include "study/table/command.hpp"

#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process/cores.hpp"
#include "study/launch/launcher.hpp"
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

Table requested_table(const Invocation& invocation) {
    Table table;
    table.world = chosen<World>(invocation, "world", {{"sim", World::simulated}, {"real", World::real}});
    table.beside_report = chosen<bool>(invocation, "beside-report", {{"yes", true}, {"no", false}});
    table.cores = base::allowed_cores();
    for (const MethodRequest& request : parse_table_rows(invocation.extra.at("table-rows"))) {
        Run& row = table.rows.emplace_back();
        row.name = request.name();
        row.config = invocation.config;
        row.config.method = request.method;
        row.config.workers = request.workers;
        if (row.config.events != scenario::Events::none)
            row.out = (std::filesystem::path(row.config.out) / row.name).string();
    }
    return table;
}

/// A key on the command line must have an effect on some row; what the rows themselves decide has none.
void check(const Invocation& invocation, const Table& table) {
    for (const char* key : {"method", "workers"})
        if (invocation.given_on_command_line(key))
            throw InputError(
                fmt::format("--{}: not with lockstep table; choose its rows by --table-rows", key));
    if (table.world == World::simulated && invocation.given_on_command_line("launcher-args"))
        throw InputError("--launcher-args: it applies only with --world real; remove it");
    refuse_order_files(invocation, "lockstep table", Replays::refused);
    std::vector<Config> configs;
    for (const Run& row : table.rows) configs.push_back(row.config);
    check_scenarios(invocation, configs, table.world, "row of the table");
}

void deliver(const Table& table, const Config& config) {
    if (!config.out.empty()) write_table(table, config.out);
    switch (config.format) {
        case scenario::Format::json:
            return base::print_to_stdout(to_json(table));
        case scenario::Format::csv:
            return base::print_to_stdout(to_csv(table));
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
    const Launcher launcher(table.world, invocation.extra.at("launcher-args"));

    const OnRunDone progress = progress_line(invocation.config, table.rows.size(), "rows");
    progress(0);
    do_runs(table.rows, launcher, "row", progress);
    deliver(table, invocation.config);
    return report_failures(table.rows, "row");
}

}  // namespace lockstep::study
