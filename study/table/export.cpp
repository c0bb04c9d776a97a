#include "study/table/export.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "result/fields.hpp"
#include "result/files.hpp"
#include "result/json.hpp"
#include "study/csv_lines.hpp"
#include "study/table/report_figures.hpp"

namespace lockstep::study {
namespace {

using Json = nlohmann::ordered_json;

std::string_view yes_or_no(bool value) {
    return value ? "yes" : "no";
}

CsvCells figures(const Run& row) {
    const result::Summary summary = row.result ? row.result->summary : result::Summary{};
    const bool there = row.result.has_value();
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

CsvCells report_cells(const std::optional<ReportFigures>& report) {
    const auto if_there = [&](auto value) { return report ? csv_number(value(*report)) : std::string(); };
    return {{"report_loss", if_there([](const auto& row) { return row.loss; })},
            {"report_accuracy", if_there([](const auto& row) { return row.accuracy; })},
            {"report_time_s", if_there([](const auto& row) { return row.time_s; })},
            {"report_cpu_percent_low", if_there([](const auto& row) { return row.cpu.low; })},
            {"report_cpu_percent_high", if_there([](const auto& row) { return row.cpu.high; })},
            {"report_memory_percent", if_there([](const auto& row) { return row.memory_percent; })}};
}

CsvCells cells_of(const Table& table, const Run& row) {
    CsvCells cells{{"row", row.name},
                   {"world", table.world == World::simulated ? "simulated" : "real"},
                   {"method", std::string(scenario::traits(row.config.method).name)},
                   {"workers", fmt::format("{}", row.config.workers)},
                   {"processes", fmt::format("{}", rank_count(row.config))},
                   {"oversubscribed", std::string(yes_or_no(row.oversubscribed))}};
    const auto append = [&](CsvCells more) { cells.insert(cells.end(), more.begin(), more.end()); };
    append(figures(row));
    if (table.beside_report) append(report_cells(report_figures(row.config.method, row.config.workers)));
    return cells;
}

Json report_object(const Run& row) {
    const auto report = report_figures(row.config.method, row.config.workers);
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
    std::vector<CsvCells> rows;
    for (const Run& row : table.rows) rows.push_back(cells_of(table, row));
    return csv_lines(rows);
}

std::string to_json(const Table& table) {
    Json rows = Json::array();
    for (const Run& row : table.rows) {
        Json object{{"row", row.name},
                    {"method", scenario::traits(row.config.method).name},
                    {"workers", row.config.workers},
                    {"processes", rank_count(row.config)},
                    {"oversubscribed", row.oversubscribed},
                    {"failure", row.result ? Json() : Json(row.failure)},
                    {"result", row.result ? Json::parse(result::to_json(*row.result)) : Json()}};
        if (table.beside_report) object["report"] = report_object(row);
        rows.push_back(std::move(object));
    }
    const Json json{{"format", "lockstep-table-1"},
                    {"world", table.world == World::simulated ? "simulated" : "real"},
                    {"rows", std::move(rows)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

void write_table(const Table& table, const std::filesystem::path& folder) {
    for (const Run& row : table.rows)
        if (row.result && row.out.empty())  // else it has written its own
            result::write_run(*row.result, folder / row.name);
    std::filesystem::create_directories(folder);
    base::write_file_atomically(folder / "table.csv", to_csv(table));
}

}  // namespace lockstep::study
