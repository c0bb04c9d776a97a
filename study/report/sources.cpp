#include "study/report/sources.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/few.hpp"
#include "base/file.hpp"
#include "result/cell.hpp"
#include "study/csv_table.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;
using base::InputError;
using Cells = std::vector<std::string>;

/// A cell of a row by the name of its column; empty where there is no such column.
std::string cell_of(const Cells& header, const Cells& row, std::string_view column) {
    const auto found = std::ranges::find(header, column);
    return found == header.end() ? std::string() : row[static_cast<std::size_t>(found - header.begin())];
}

/// The folder of a row's run: that of a table has its name in the row.
fs::path run_of(const fs::path& folder, const Cells& header, const Cells& row) {
    if (const std::string name = cell_of(header, row, "row"); !name.empty()) return folder / name;
    const std::string method = cell_of(header, row, "method");
    const fs::path plain = folder / method;
    return fs::exists(plain) ? plain : folder / fmt::format("{}-{}", method, cell_of(header, row, "workers"));
}

/// A row of the table in `file` is of one run, which nothing else in its folder stands for.
void require_run_of(const RunFolder& run, const Cells& header, const Cells& row, const std::string& file) {
    if (!run.result) return;
    const result::Result& result = *run.result;
    const std::vector<std::pair<std::string_view, std::string>> found{
        {"method", std::string(result.config.method.name())},
        {"workers", result::cell(result.config.workers)},
        {"outcome", result::cell(result.summary.outcome)},
        {"elapsed_s", result::cell(result.summary.elapsed_s)},
        {"parameters_digest", result.summary.parameters_digest}};
    for (const auto& [column, text] : found)
        if (const std::string expected = cell_of(header, row, column); !expected.empty() && text != expected)
            throw InputError(fmt::format("{}: {}", (run.path / "result.json").string(), column), text,
                             fmt::format("'{}', as in {}", expected, file),
                             "it is of another run; make both again");
}

RunGroup read_group(const fs::path& folder, const std::string& table, Parts parts) {
    RunGroup group{folder_name(folder), {}, {}, {}};
    const std::string file = (folder / table).string();
    const std::vector<Cells> rows = parse_csv(base::read_file(file, base::most_of_tables), file);
    if (rows.size() < 2) throw InputError(fmt::format("{}: it holds no run", file));
    for (const Cells& row : std::span(rows).subspan(1)) {
        if (cell_of(rows.front(), row, "outcome") == "failed") continue;
        try {
            RunFolder run = read_run_folder(run_of(folder, rows.front(), row), parts);
            require_run_of(run, rows.front(), row, file);
            group.runs.push_back(std::move(run));
        } catch (const InputError& problem) {
            if (parts == Parts::all_or_nothing) throw;
            group.problems.emplace_back(problem.what());
            continue;
        }
        if (std::string limit = cell_of(rows.front(), row, "sentence"); !limit.empty())
            group.limits.push_back(std::move(limit));
    }
    if (group.runs.empty())
        throw InputError(group.problems.empty() ? fmt::format("{}: all of its runs have failed", file)
                                                : group.problems.front());
    return group;
}

void read_source(ReportSources& sources, const fs::path& folder, Parts parts) {
    require_filled(folder);
    switch (kind_of(folder)) {
        case FolderKind::run:
            sources.runs.push_back(read_run_folder(folder, parts));
            break;
        case FolderKind::validation:
            sources.validations.push_back(read_validation_file(folder));
            break;
        case FolderKind::comparison:
            sources.groups.push_back(read_group(folder, "compare.csv", parts));
            break;
        case FolderKind::table:
            sources.groups.push_back(read_group(folder, "table.csv", parts));
            break;
        case FolderKind::sweep:
            sources.sweeps.push_back(read_sweep_table(folder, parts));
            break;
        case FolderKind::other:
            break;
    }
}

void collect_problems(ReportSources& sources) {
    const auto add = [&](const std::vector<std::string>& problems) {
        sources.problems.insert(sources.problems.end(), problems.begin(), problems.end());
    };
    for (const RunFolder& run : sources.runs) add(run.problems);
    for (const RunGroup& group : sources.groups) {
        base::add_few(sources.problems, group.problems, "more runs could not be read");
        for (const RunFolder& run : group.runs) add(run.problems);
    }
    for (const SweepTable& sweep : sources.sweeps) add(sweep.problems);
}

/// Names tell runs apart.
void make_names_unique(std::vector<RunFolder>& runs) {
    std::multiset<std::string> names;
    for (const RunFolder& run : runs) names.insert(run.name);
    for (RunFolder& run : runs)
        if (names.count(run.name) > 1) run.name = run.path.lexically_normal().string();
}

}  // namespace

ReportSources read_sources(std::span<const fs::path> folders, Parts parts) {
    ReportSources sources;
    for (const fs::path& folder : folders) {
        try {
            read_source(sources, folder, parts);
        } catch (const InputError& problem) {
            if (parts == Parts::all_or_nothing) throw;
            sources.problems.emplace_back(problem.what());
        }
    }
    if (sources.empty()) throw InputError(sources.problems.front());
    collect_problems(sources);
    make_names_unique(sources.runs);
    return sources;
}

}  // namespace lockstep::study
