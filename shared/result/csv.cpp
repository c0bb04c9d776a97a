#include "result/csv.hpp"

#include <string_view>

#include <fmt/format.h>

#include "result/cell.hpp"
#include "result/fields.hpp"

namespace lockstep::result {
namespace {

/// A line of the header and a line of cells, which grow together.
struct Row {
    std::string header;
    std::string cells;

    void operator()(std::string_view name, std::string_view value) {
        header += header.empty() ? "" : ",";
        header += name;
        cells += cells.empty() ? "" : ",";
        cells += value;
    }
};

Row history_row(const Evaluation& evaluation) {
    Row row;
    visit_fields(
        [&](std::string_view name, const auto& member) {
            const bool is_shared = name == "worker" && !evaluation.worker;
            row(name, is_shared ? "shared" : cell(member));
        },
        evaluation);
    return row;
}

}  // namespace

std::string quoted_cell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
    return quoted + '"';
}

std::string history_csv(const Result& result) {
    std::string text = history_row({}).header + '\n';
    for (const Evaluation& evaluation : result.history) text += history_row(evaluation).cells + '\n';
    return text;
}

std::string updates_csv(const Result& result) {
    fmt::memory_buffer text;
    fmt::format_to(std::back_inserter(text), "worker,step,version_read,version_applied,staleness\n");
    for (const Update& update : result.updates)
        fmt::format_to(std::back_inserter(text), "{},{},{},{},{}\n", update.worker, update.step,
                       update.version_read, update.version_applied,
                       update.version_applied - update.version_read);
    return fmt::to_string(text);
}

std::string activities_csv(const Result& result) {
    fmt::memory_buffer text;
    fmt::format_to(std::back_inserter(text), "rank,activity,peer,number,total_s,bytes\n");
    for (const events::ActivityRow& row : result.activities)
        fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{}\n", row.rank, events::name(row.activity),
                       row.peer == events::no_peer ? "" : std::to_string(row.peer), row.total.number,
                       row.total.total_s, row.total.bytes);
    return fmt::to_string(text);
}

std::string summary_csv(const Result& result) {
    Row row;
    row("world", result.provenance.world);
    row("method", result.config.method.name());
    row("workers", cell(result.config.workers));
    visit_fields([&](std::string_view name, const auto& member) { row(name, cell(member)); }, result.summary);
    row("cpu_and_memory", cpu_and_memory(result.provenance));
    return row.header + '\n' + row.cells + '\n';
}

}  // namespace lockstep::result
