#include "study/table/text.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <fmt/format.h>

#include "base/units.hpp"
#include "result/text_table.hpp"
#include "scenario/config.hpp"
#include "study/provenance_text.hpp"
#include "study/table/report_figures.hpp"

namespace lockstep::study {
namespace {

using Align = result::TextTable::Align;

bool any_oversubscribed(const Table& table) {
    return std::ranges::any_of(table.rows, &Run::oversubscribed);
}

/// `3`, or `3+1` with a server.
std::string processes(const scenario::Config& config) {
    const std::size_t servers = server_count(config);
    return servers == 0 ? fmt::format("{}", config.workers) : fmt::format("{}+{}", config.workers, servers);
}

std::string four_digits(double number) {
    return base::format_number(number, {.decimals = 4});
}

std::vector<std::string> figures(const Run& row, bool with_marks) {
    if (!row.result) return {"failed", "-", "-", "-", "-"};
    const result::Summary& summary = row.result->summary;
    const bool diverged = summary.outcome == result::Outcome::diverged;
    const std::string_view mark = !with_marks ? "" : row.oversubscribed ? " *" : "  ";
    return {diverged ? "diverged" : four_digits(summary.test_loss), four_digits(summary.test_accuracy),
            fmt::format("{}{}", four_digits(summary.elapsed_s), mark),
            base::format_share(summary.cpu_percent / 100),
            base::format_number(summary.memory_percent, {.decimals = 2}) + " %"};
}

std::string own_columns(const Table& table) {
    result::TextTable text({{"Method", Align::left},
                            {"# Process"},
                            {"Loss"},
                            {"Accuracy"},
                            {any_oversubscribed(table) ? "Time (s)  " : "Time (s)"},
                            {"CPU usage"},
                            {"Memory usage"}});
    for (const Run& row : table.rows) {
        std::vector<std::string> cells{std::string(report_label(row.config.method)), processes(row.config)};
        for (std::string& figure : figures(row, any_oversubscribed(table)))
            cells.push_back(std::move(figure));
        text.add_row(std::move(cells));
    }
    return text.render();
}

std::string report_columns(const Table& table) {
    result::TextTable text({{"Loss"}, {"Accuracy"}, {"Time (s)"}, {"CPU usage"}, {"Memory usage"}});
    for (const Run& row : table.rows) {
        const auto report = report_figures(row.config.method, row.config.workers);
        if (!report) {
            text.add_row({"-", "-", "-", "-", "-"});
            continue;
        }
        text.add_row({four_digits(report->loss), four_digits(report->accuracy), four_digits(report->time_s),
                      fmt::format("{:g}-{:g} %", report->cpu.low, report->cpu.high),
                      fmt::format("{:g} %", report->memory_percent)});
    }
    return text.render();
}

/// Two texts of as many lines next to each other, under titles.
std::string beside(const std::string& left_title, const std::string& left, const std::string& right_title,
                   const std::string& right) {
    std::istringstream left_lines(left_title + '\n' + left);
    std::istringstream right_lines(right_title + '\n' + right);
    std::string text;
    std::string left_line;
    std::string right_line;
    const std::size_t width = left.find('\n');
    while (std::getline(left_lines, left_line) && std::getline(right_lines, right_line))
        text += fmt::format("{:<{}} | {}\n", left_line, width, right_line);
    return text;
}

std::string notes(const Table& table) {
    std::string text = table.world == World::simulated
                           ? "Time, CPU and memory usage are predictions of the model; loss and accuracy "
                             "come from real arithmetic.\n"
                           : "Time, CPU and memory usage are measured.\n";
    if (any_oversubscribed(table))
        text += fmt::format(
            "* More ranks than this machine's {} cores: not a measurement of anything, and no claim rests on "
            "this time.\n",
            table.cores);
    if (table.beside_report) text += fmt::format("The report: {}.\n", report_source);
    return text;
}

}  // namespace

std::string to_text(const Table& table) {
    const std::string own = own_columns(table);
    const std::string figures_text =
        table.beside_report ? beside("This run", own, "The report", report_columns(table)) : own;
    return fmt::format("{}\n{}{}", figures_text, provenance_text(table.rows, table.world), notes(table));
}

}  // namespace lockstep::study
