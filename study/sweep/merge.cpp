#include "study/sweep/merge.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "result/cell.hpp"
#include "study/csv_table.hpp"
#include "study/run_folder.hpp"
#include "study/sweep/export.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;
using base::InputError;
using Cells = std::vector<std::string>;

constexpr std::size_t run_column = 2;  // of sweep.csv

/// The table of a shard, whose header is that of the whole sweep.
std::vector<Cells> read_table(const SweepPlan& plan, const fs::path& folder) {
    require_kind(folder, FolderKind::sweep);
    const fs::path file = folder / "sweep.csv";
    if (base::FolderLock::is_held(folder))
        throw InputError(fmt::format("{}: a sweep is using it; wait until that has ended", folder.string()));
    if (!fs::exists(file))
        throw InputError(fmt::format("{}: its sweep has not ended; give its command again", folder.string()));
    const std::string text = base::read_file(file, base::most_of_tables);
    if (!text.starts_with(sweep_csv_header(plan)))
        throw InputError(
            fmt::format("{}: it is of a sweep of other keys, or of another version of lockstep: "
                        "the columns of its sweep.csv are not those of this sweep",
                        folder.string()));
    std::vector<Cells> table = parse_csv(text, file.string());
    table.erase(table.begin());
    return table;
}

/// Finds rows of the whole sweep by their numbers of point and replicate, as a table has them.
class Rows {
  public:
    explicit Rows(const SweepPlan& plan) : plan_(plan) {
        for (const SweepRow& row : plan.rows)
            rows_.emplace(std::pair(result::cell(row.point + 1), result::cell(row.replicate + 1)), &row);
    }

    const SweepRow& at(const Cells& cells, const fs::path& folder) const {
        const auto found = rows_.find({cells[0], cells[1]});
        if (found == rows_.end())
            throw InputError(
                fmt::format("{}: it is of another sweep: this one has no point {} with a replicate {}",
                            folder.string(), cells[0], cells[1]));
        const Cells planned = key_cells(plan_, *found->second);
        const auto [ours, its] = std::ranges::mismatch(std::span(planned).subspan(run_column + 1),
                                                       std::span(cells).subspan(run_column + 1));
        if (ours != std::span(planned).end())
            throw InputError(
                fmt::format("{}: it is of another sweep: its point {} has '{}' where this one "
                            "has '{}'",
                            folder.string(), cells[0], *its, *ours));
        if (cells[run_column] != planned[run_column])
            throw InputError(
                fmt::format("{}: its point {} is none of this sweep's: other options, other files or another "
                            "lockstep made it; give its command again",
                            folder.string(), cells[0]));
        return *found->second;
    }

  private:
    const SweepPlan& plan_;
    std::map<std::pair<std::string, std::string>, const SweepRow*> rows_;
};

void require_all(const SweepPlan& plan, const std::set<const SweepRow*>& seen) {
    const auto is_missing = [&](const SweepRow& row) { return !seen.contains(&row); };
    const auto first = std::ranges::find_if(plan.rows, is_missing);
    if (first == plan.rows.end()) return;
    throw InputError(
        fmt::format("--merge: {} of {} rows are in none of the folders, the first is point {} "
                    "({}); name the folders of all shards, and give their own command",
                    std::ranges::count_if(plan.rows, is_missing), plan.rows.size(), first->point + 1,
                    fmt::join(plan.values(first->point), ", ")));
}

/// As of a sweep that is made in one.
void require_any_result(const SweepPlan& plan) {
    if (std::ranges::none_of(plan.runs, [](const SweepRun& run) { return run.summary.has_value(); }))
        throw InputError(
            fmt::format("no run of the sweep has a result; the first: {}", plan.runs.front().failure));
}

}  // namespace

SweepShards take_shards(SweepPlan& plan, std::span<const fs::path> folders, scenario::Events events) {
    SweepShards shards;
    shards.folder_of_run.resize(plan.runs.size());
    const Rows rows(plan);
    std::set<const SweepRow*> seen;
    for (const fs::path& folder : folders) {
        const SweepRuns& runs = shards.folders.emplace_back(folder);
        for (const Cells& cells : read_table(plan, folder)) {
            const SweepRow& row = rows.at(cells, folder);
            seen.insert(&row);
            SweepRun& run = plan.runs[row.run];
            if (run.summary) continue;
            if (const KeptRun kept = runs.find(run, events); kept.result) {
                run.summary = kept.result->summary;
                run.failure.clear();
                shards.folder_of_run[row.run] = shards.folders.size() - 1;
            } else if (run.failure = cells.back(); run.failure.empty()) {
                throw InputError(
                    kept.problem.empty()
                        ? fmt::format("{}: the result{} of point {} is not in it; give its command again",
                                      folder.string(), events == scenario::Events::none ? "" : " with events",
                                      cells[0])
                        : fmt::format("{}; give the command of {} again", kept.problem, folder.string()));
            }
        }
    }
    require_all(plan, seen);
    require_any_result(plan);
    return shards;
}

void require_no_other_shard(const SweepPlan& plan, const fs::path& out) {
    const fs::path file = out / "sweep.csv";
    if (!fs::exists(file)) return;
    const std::string text = base::read_file(file, base::most_of_tables);
    if (!text.starts_with(sweep_csv_header(plan))) return;  // another sweep's: there is a warning
    std::set<std::string> own;
    for (const SweepRow& row : plan.rows) own.insert(result::cell(row.point + 1));
    const std::vector<Cells> table = parse_csv(text, file.string());
    for (const Cells& cells : std::span(table).subspan(1))
        if (!own.contains(cells.front()))
            throw InputError(
                "--out", out.string(), "a folder of the shard's own",
                fmt::format("it holds point {}, of another shard or of the whole sweep", cells.front()));
}

void copy_runs(const SweepPlan& plan, const SweepShards& shards, const SweepFolder& folder,
               scenario::Events events) {
    for (std::size_t i = 0; i < plan.runs.size(); ++i)
        if (const auto source = shards.folder_of_run[i])
            folder.copy(plan.runs[i].id, shards.folders[*source], events);
}

}  // namespace lockstep::study
