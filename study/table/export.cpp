#include "study/table/export.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "result/fields.hpp"
#include "result/files.hpp"
#include "result/json_value.hpp"
#include "study/csv_lines.hpp"
#include "study/method_request.hpp"
#include "study/table/report_figures.hpp"
#include "study/table/spread.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

std::string row_name(std::span<const Run> row) {
    return MethodRequest{row.front().config.method, row.front().config.workers}.name();
}

bool is_oversubscribed(std::span<const Run> runs) {
    return std::ranges::any_of(runs, &Run::oversubscribed);
}

std::string_view yes_or_no(bool value) {
    return value ? "yes" : "no";
}

/// The figures of a row's only run.
CsvCells single_figures(const Run& run) {
    const result::Summary summary = run.result ? run.result->summary : result::Summary{};
    const bool there = run.result.has_value();
    const auto if_there = [&](double value) { return there ? csv_number(value) : std::string(); };
    return {{"outcome", std::string(there ? result::name(summary.outcome) : "failed")},
            {"test_loss", if_there(summary.test_loss)},
            {"test_accuracy", if_there(summary.test_accuracy)},
            {"elapsed_s", if_there(summary.elapsed_s)},
            {"cpu_percent", if_there(summary.cpu_percent)},
            {"memory_percent", if_there(summary.memory_percent)},
            {"memory_bytes", if_there(summary.memory_bytes)},
            {"parameters_digest", summary.parameters_digest}};
}

/// What a row of several runs has mean and range of.
constexpr std::array<std::pair<std::string_view, double result::Summary::*>, 3> spread_figures{
    {{"test_loss", &result::Summary::test_loss},
     {"test_accuracy", &result::Summary::test_accuracy},
     {"elapsed_s", &result::Summary::elapsed_s}}};

CsvCells figures_of_several(std::span<const Run> row) {
    CsvCells cells{{"first_seed", fmt::format("{}", row.front().config.seed)},
                   {"replicates", fmt::format("{}", row.size())},
                   {"runs", fmt::format("{}", count_there(row))},
                   {"outcome", std::string(worst_outcome(row))}};
    for (const auto& [name, member] : spread_figures) {
        const Spread figure = spread(row, member);
        cells.emplace_back(fmt::format("{}_mean", name), csv_number(figure.mean));
        cells.emplace_back(fmt::format("{}_min", name), csv_number(figure.least));
        cells.emplace_back(fmt::format("{}_max", name),
                           figure.undefined > 0 ? std::string() : csv_number(figure.most));
    }
    const auto mean = [&](double result::Summary::*member) { return csv_number(spread(row, member).mean); };
    cells.emplace_back("cpu_percent_mean", mean(&result::Summary::cpu_percent));
    cells.emplace_back("memory_percent_mean", mean(&result::Summary::memory_percent));
    return cells;
}

CsvCells report_cells(const std::optional<ReportFigures>& report) {
    const auto if_there = [&](auto value) { return report ? csv_number(value(*report)) : std::string(); };
    return {{"report_loss", if_there([](const auto& row) { return row.loss; })},
            {"report_accuracy", if_there([](const auto& row) { return row.accuracy; })},
            {"report_time_s", if_there([](const auto& row) { return row.time_s; })},
            {"report_cpu_percent_low", if_there([](const auto& row) { return row.cpu.low; })},
            {"report_cpu_percent_high", if_there([](const auto& row) { return row.cpu.high; })},
            {"report_memory_percent", if_there([](const auto& row) { return row.memory_percent; })}};
}

/// The columns of a row or run before its figures.
CsvCells leading_cells(const Table& table, std::span<const Run> runs, std::string name) {
    const scenario::Config& config = runs.front().config;
    return {{"row", std::move(name)},
            {"world", table.world == World::simulated ? "simulated" : "real"},
            {"method", std::string(config.method.name())},
            {"workers", fmt::format("{}", config.workers)},
            {"processes", fmt::format("{}", rank_count(config))},
            {"oversubscribed", std::string(yes_or_no(is_oversubscribed(runs)))}};
}

std::string lines_of(const Table& table, bool each_run) {
    std::vector<CsvCells> lines;
    const std::size_t runs_a_line = each_run ? 1 : table.replicates;
    for (std::size_t i = 0; i < table.runs.size(); i += runs_a_line) {
        const auto runs = std::span(table.runs).subspan(i, runs_a_line);
        const scenario::Config& config = runs.front().config;
        const std::string name = each_run ? run_folder(table, runs.front(), {}).string() : row_name(runs);
        CsvCells& cells = lines.emplace_back(leading_cells(table, runs, name));
        const auto append = [&](CsvCells more) { cells.insert(cells.end(), more.begin(), more.end()); };
        append(each_run ? single_figures(runs.front()) : figures_of_several(runs));
        if (table.beside_report) append(report_cells(report_figures(config.method, config.workers)));
    }
    return csv_lines(lines);
}

Json finite_or_null(double number) {
    return std::isfinite(number) ? Json(number) : Json();
}

/// Why there is no result, or the result.
Json run_object(const Run& run) {
    return {{"failure", run.result ? Json() : Json(run.failure)},
            {"result", run.result ? result::json_value(*run.result) : Json()}};
}

Json objects_of_several(std::span<const Run> row) {
    Json object{{"replicates", row.size()}, {"outcome", worst_outcome(row)}};
    for (const auto& [name, member] : spread_figures) {
        const Spread figure = spread(row, member);
        object[std::string(name)] = {{"mean", finite_or_null(figure.mean)},
                                     {"min", finite_or_null(figure.least)},
                                     {"max", figure.undefined > 0 ? Json() : finite_or_null(figure.most)}};
    }
    for (const Run& run : row) {
        Json of_run{{"seed", run.config.seed}};
        of_run.update(run_object(run));
        object["runs"].push_back(std::move(of_run));
    }
    return object;
}

Json report_object(const scenario::Config& config) {
    const auto report = report_figures(config.method, config.workers);
    if (!report) return {};
    return {{"loss", report->loss},
            {"accuracy", report->accuracy},
            {"time_s", report->time_s},
            {"cpu_percent_low", report->cpu.low},
            {"cpu_percent_high", report->cpu.high},
            {"memory_percent", report->memory_percent}};
}

}  // namespace

std::string to_csv(const Table& table) {
    return lines_of(table, true);
}

std::string summary_csv(const Table& table) {
    return lines_of(table, false);
}

std::string to_json(const Table& table) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < table.rows(); ++i) {
        const std::span<const Run> row = table.row(i);
        const scenario::Config& config = row.front().config;
        Json object{{"row", row_name(row)},
                    {"method", config.method.name()},
                    {"workers", config.workers},
                    {"processes", rank_count(config)},
                    {"oversubscribed", is_oversubscribed(row)}};
        object.update(table.replicates == 1 ? run_object(row.front()) : objects_of_several(row));
        if (table.beside_report) object["report"] = report_object(config);
        rows.push_back(std::move(object));
    }
    const Json json{{"format", "lockstep-table-1"},
                    {"world", table.world == World::simulated ? "simulated" : "real"},
                    {"rows", std::move(rows)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::filesystem::path run_folder(const Table& table, const Run& run, const std::filesystem::path& folder) {
    const std::filesystem::path of_row = folder / row_name({&run, 1});
    return table.replicates == 1 ? of_row : of_row / fmt::format("seed-{}", run.config.seed);
}

void write_table(const Table& table, const std::filesystem::path& folder) {
    for (const Run& run : table.runs)
        if (run.result && run.out.empty())  // else it has written its own
            result::write_run(*run.result, run_folder(table, run, folder));
    std::filesystem::create_directories(folder);
    base::write_file_atomically(folder / "table.csv", to_csv(table));
    if (table.replicates > 1) base::write_file_atomically(folder / "summary.csv", summary_csv(table));
}

}  // namespace lockstep::study
