#include "study/table/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/terminal.hpp"
#include "base/units.hpp"
#include "result/text_table.hpp"
#include "scenario/config.hpp"
#include "study/provenance_text.hpp"
#include "study/table/report_figures.hpp"
#include "study/table/spread.hpp"

namespace lockstep::study {
namespace {

using Align = result::TextTable::Align;

bool any_oversubscribed(const Table& table) {
    return std::ranges::any_of(table.runs, &Run::oversubscribed);
}

/// `3`, or `3+1` with a server.
std::string processes(const scenario::Config& config) {
    const std::size_t servers = server_count(config);
    return servers == 0 ? fmt::format("{}", config.workers) : fmt::format("{}+{}", config.workers, servers);
}

std::string four_digits(double number) {
    return base::format_number(number, {.decimals = 4});
}

/// A figure of a row: of its run, or the mean of several and their range.
struct FigureColumn {
    std::string_view heading;
    double result::Summary::*member;
    std::string (*show)(double);
    bool may_have_range;
};

constexpr std::array figures{
    FigureColumn{"Loss", &result::Summary::test_loss, four_digits, true},
    FigureColumn{"Accuracy", &result::Summary::test_accuracy, four_digits, true},
    FigureColumn{"Time (s)", &result::Summary::elapsed_s, four_digits, true},
    FigureColumn{"CPU usage", &result::Summary::cpu_percent,
                 [](double percent) { return base::format_share(percent / 100); }, false},
    FigureColumn{"Memory usage", &result::Summary::memory_percent,
                 [](double percent) { return base::format_number(percent, {.decimals = 2}) + " %"; }, false}};

/// Where the runs of some row differ.
bool has_range(const Table& table, const FigureColumn& figure) {
    if (!figure.may_have_range) return false;
    for (std::size_t i = 0; i < table.rows(); ++i)
        if (spread(table.row(i), figure.member).is_wide()) return true;
    return false;
}

bool has_diverged(std::span<const Run> row) {
    return std::ranges::all_of(row, [](const Run& run) {
        return run.result && run.result->summary.outcome == result::Outcome::diverged;
    });
}

std::string mean_cell(const Table& table, std::span<const Run> row, const FigureColumn& figure) {
    if (count_there(row) == 0) return figure.member == &result::Summary::test_loss ? "failed" : "-";
    if (figure.member == &result::Summary::test_loss && has_diverged(row)) return "diverged";
    std::string cell = figure.show(spread(row, figure.member).mean);
    if (figure.member == &result::Summary::elapsed_s && any_oversubscribed(table))
        cell += std::ranges::any_of(row, &Run::oversubscribed) ? " *" : "  ";
    return cell;
}

std::string range_cell(std::span<const Run> row, const FigureColumn& figure) {
    const Spread range = spread(row, figure.member);
    if (!range.is_wide()) return "-";
    return fmt::format("{}-{}", figure.show(range.least),
                       range.undefined > 0 ? "diverged" : figure.show(range.most));
}

std::string runs_cell(std::span<const Run> row) {
    const std::size_t there = count_there(row);
    return there == row.size() ? fmt::format("{}", there) : fmt::format("{} of {}", there, row.size());
}

std::string own_columns(const Table& table) {
    std::vector<result::TextTable::Column> columns{{"Method", Align::left}, {"# Process"}};
    if (table.replicates > 1) columns.push_back({"Runs"});
    for (const FigureColumn& figure : figures) {
        const bool has_marks = figure.member == &result::Summary::elapsed_s && any_oversubscribed(table);
        columns.push_back({fmt::format("{}{}", figure.heading, has_marks ? "  " : "")});
        if (has_range(table, figure)) columns.push_back({"Range"});
    }
    result::TextTable text(std::move(columns));
    for (std::size_t i = 0; i < table.rows(); ++i) {
        const std::span<const Run> row = table.row(i);
        const scenario::Config& config = row.front().config;
        std::vector<std::string> cells{std::string(report_label(config.method)), processes(config)};
        if (table.replicates > 1) cells.push_back(runs_cell(row));
        for (const FigureColumn& figure : figures) {
            cells.push_back(mean_cell(table, row, figure));
            if (has_range(table, figure)) cells.push_back(range_cell(row, figure));
        }
        text.add_row(std::move(cells));
    }
    return text.render();
}

std::string report_columns(const Table& table) {
    result::TextTable text({{"Loss"}, {"Accuracy"}, {"Time (s)"}, {"CPU usage"}, {"Memory usage"}});
    for (std::size_t i = 0; i < table.rows(); ++i) {
        const scenario::Config& config = table.row(i).front().config;
        const auto report = report_figures(config.method, config.workers);
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

/// `Means and ranges of 10 runs each, with seeds 1 to 10.`
std::string seeds_note(const Table& table) {
    if (table.replicates == 1) return {};
    const std::span<const Run> row = table.row(0);
    const scenario::Config& first = row.front().config;
    return base::in_lines(fmt::format(
        "Means and ranges of {} runs each, with seeds {} to {}{}.", row.size(), first.seed,
        row.back().config.seed, first.data == scenario::Config{}.data ? ", each with its own digits" : ""));
}

std::string notes(const Table& table) {
    using base::in_lines;
    std::string text =
        in_lines(table.world == World::simulated ? "Time, CPU and memory usage are predictions of the model; "
                                                   "loss and accuracy come from real arithmetic."
                                                 : "Time, CPU and memory usage are measured.");
    text += expected_error_text(table.runs);
    if (any_oversubscribed(table))
        text += in_lines(fmt::format(
            "* More ranks than this machine's {} cores: not a measurement of anything, and no claim "
            "rests on this time.",
            table.cores));
    if (table.beside_report) text += in_lines(fmt::format("The report: {}.", report_source));
    return text;
}

}  // namespace

std::string to_text(const Table& table) {
    const std::string own = own_columns(table);
    const std::string figures_text =
        table.beside_report ? beside("This run", own, "The report", report_columns(table)) : own;
    return fmt::format("{}\n{}{}{}", figures_text, provenance_text(table.runs, table.world),
                       seeds_note(table), notes(table));
}

}  // namespace lockstep::study
