#include "study/table_command.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "scenario/applicability.hpp"
#include "scenario/front_end.hpp"
#include "scenario/validate.hpp"
#include "study/launcher.hpp"
#include "study/scenario_check.hpp"
#include "study/table.hpp"
#include "study/table_export.hpp"
#include "study/table_rows.hpp"
#include "study/table_text.hpp"
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
    table.cores = available_cores();
    for (const RowRequest& request : parse_table_rows(invocation.extra.at("table-rows"))) {
        TableRow& row = table.rows.emplace_back();
        row.name = request.name();
        row.config = invocation.config;
        row.config.method = request.method;
        row.config.workers = request.workers;
    }
    return table;
}

/// A key on the command line must have an effect on some row; what the rows themselves decide has none.
void check_keys(const Invocation& invocation, const Table& table) {
    for (const char* key : {"method", "workers"})
        if (invocation.given_on_command_line(key))
            throw InputError(
                fmt::format("--{}: not with lockstep table; choose its rows by --table-rows", key));
    if (table.world == World::simulated && invocation.given_on_command_line("launcher-args"))
        throw InputError("--launcher-args: it applies only with --world real; remove it");
    if (table.world == World::real) scenario::require_real_world(invocation);
    for (const scenario::Applicability& entry : scenario::applicabilities()) {
        const auto applies = [&](const TableRow& row) { return scenario::applies(entry.key, row.config); };
        if (invocation.given_on_command_line(entry.key) && std::ranges::none_of(table.rows, applies))
            throw InputError(fmt::format("--{}: it applies only {}, which is no row of the table; remove it",
                                         entry.key, entry.where));
    }
}

void check_rows(const Invocation& invocation, const Table& table) {
    Invocation of_row = invocation;
    of_row.command_line_keys.clear();  // check_keys() looks at the whole table
    if (invocation.given_on_command_line("platform")) of_row.command_line_keys = {"platform"};
    for (const TableRow& row : table.rows) {
        of_row.config = row.config;
        check_scenario(of_row, table.world);
    }
}

/// One line on stderr, overwritten by the next.
void show_progress(std::size_t done, std::size_t rows) {
    fmt::print(stderr, "\r\033[K");
    if (done < rows) fmt::print(stderr, "{} of {} rows done", done, rows);
    std::fflush(stderr);
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

int report_failures(const Table& table) {
    int status = 0;
    for (const TableRow& row : table.rows) {
        if (row.result) continue;
        fmt::print(stderr, "lockstep: row {}: {}\n", row.name, row.failure);
        status = static_cast<int>(base::ExitStatus::environment);
    }
    return status;
}

}  // namespace

int run_table(std::span<const std::string> arguments) {
    const auto extra = scenario::front_end_options({"world", "table-rows", "beside-report", "launcher-args"});
    const Invocation invocation = scenario::parse(arguments, extra);
    if (show_text_asked_for(invocation, "lockstep table [SCENARIO.ini] [--key value ...]: the report's table",
                            extra, "Table"))
        return 0;
    Table table = requested_table(invocation);
    check_keys(invocation, table);
    check_rows(invocation, table);
    const Launcher launcher(table.world, invocation.extra.at("launcher-args"));

    const Config& config = invocation.config;
    const bool shows_progress =
        config.progress == scenario::Progress::always ||
        (config.progress == scenario::Progress::automatic && ::isatty(STDERR_FILENO) == 1);
    const auto on_row_done = [&](std::size_t done) {
        if (shows_progress) show_progress(done, table.rows.size());
    };
    on_row_done(0);
    run_rows(table, launcher, on_row_done);
    deliver(table, config);
    return report_failures(table);
}

}  // namespace lockstep::study
