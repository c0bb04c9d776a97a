#include "study/run_folder.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/process/folder_lock.hpp"
#include "option/lists.hpp"
#include "result/json.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;

events::Timeline read_timeline(const fs::path& path) {
    const std::vector<events::RankEvents> ranks = events::read_run_events(path);
    for (const events::RankEvents& rank : ranks)
        if (!rank.complete)
            throw base::InputError(fmt::format("{}: it ends before its run did",
                                               events::event_file(path, rank.header.rank).string()));
    return events::make_timeline(ranks);
}

/// Of files that may have been cut off or damaged, with a line for each that was.
events::Timeline read_usable_timeline(const fs::path& path, std::vector<std::string>& problems) {
    return events::make_timeline(events::read_usable_run_events(path, problems));
}

bool has_usable_events(const fs::path& path) {
    std::vector<std::string> problems;
    try {
        return !read_usable_timeline(path, problems).tracks.empty();
    } catch (const base::InputError&) {
        return false;
    }
}

}  // namespace

std::string folder_name(const fs::path& path) {
    const fs::path full = fs::absolute(path).lexically_normal();
    return (full.has_filename() ? full.filename() : full.parent_path().filename()).string();
}

namespace {

/// Names what is filled of the folders in it; nothing where there are none.
std::string runs_within(const fs::path& folder) {
    constexpr std::size_t most = 3;
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (kind_of(entry.path()) != FolderKind::other) names.push_back(entry.path().string());
    if (names.empty()) return {};
    std::ranges::sort(names);
    names.resize(std::min(names.size(), most));
    std::string text = "; there are runs in it:";
    for (const std::string& name : names) text.append(1, ' ').append(name);
    return text;
}

std::string_view name_of(FolderKind kind) {
    switch (kind) {
        case FolderKind::run:
            return "a run";
        case FolderKind::sweep:
            return "a sweep";
        case FolderKind::comparison:
            return "a comparison";
        case FolderKind::table:
            return "a table";
        case FolderKind::validation:
            return "a validation";
        case FolderKind::other:
            break;
    }
    return "nothing";
}

}  // namespace

namespace {

/// Of what has left no result.
std::string_view how_it_is(const fs::path& folder) {
    return base::FolderLock::is_held(folder) ? "has not ended yet" : "did not end";
}

/// One that has not written a table: it is going on, or was ended.
bool is_begun_sweep(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::is_directory(folder / "runs", ignored)) return false;
    const auto is_result = [](const auto& entry) { return entry.path().extension() == ".json"; };
    return base::FolderLock::is_held(folder) ||
           std::ranges::any_of(fs::directory_iterator(folder / "runs", ignored), fs::directory_iterator(),
                               is_result);
}

}  // namespace

FolderKind kind_of(const fs::path& folder) {
    std::error_code ignored;
    const auto has = [&](const char* name) { return fs::exists(folder / name, ignored); };
    if (has("result.json") || has("events")) return FolderKind::run;
    if (has("validation.json")) return FolderKind::validation;
    if (has("compare.csv")) return FolderKind::comparison;
    if (has("table.csv")) return FolderKind::table;
    return has("sweep.csv") || has("summary.csv") || is_begun_sweep(folder) ? FolderKind::sweep
                                                                            : FolderKind::other;
}

void require_filled(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        throw base::InputError(folder.empty() ? "the folder" : folder.string(),
                               folder.empty()                ? ""
                               : fs::exists(folder, ignored) ? "a file"
                                                             : "no folder",
                               "the folder that --out of a run, sweep, comparison or validation has filled",
                               "run with --out DIR first");
    if (kind_of(folder) != FolderKind::other) return;
    if (fs::exists(folder / base::FolderLock::file_name, ignored))
        throw base::InputError(fmt::format("{}: what was to fill it {}", folder.string(), how_it_is(folder)));
    throw base::InputError(
        fmt::format("{}: it holds no run: none of result.json, sweep.csv, compare.csv, table.csv and "
                    "validation.json is in it; name the folder that --out of a run has filled{}",
                    folder.string(), runs_within(folder)));
}

void require_kind(const fs::path& folder, FolderKind wanted) {
    require_filled(folder);
    const FolderKind kind = kind_of(folder);
    if (kind == wanted) return;
    const bool can_show = kind == FolderKind::run || kind == FolderKind::sweep;
    const std::string report = fmt::format("lockstep report {}", folder.string());
    throw base::InputError(folder.string(), fmt::format("the folder of {}", name_of(kind)),
                           fmt::format("that of {}", name_of(wanted)),
                           (can_show ? fmt::format("lockstep show {} and {} show it", folder.string(), report)
                                     : fmt::format("{} shows it", report)) +
                               runs_within(folder));
}

RunFolder read_run_folder(const fs::path& path, Parts parts) {
    require_kind(path, FolderKind::run);
    RunFolder run{path, folder_name(path), {}, {}, {}};
    std::string usable;
    const auto attempt = [&](const char* what, auto read) {
        try {
            read();
            usable.append(usable.empty() ? "" : ", ").append(what);
        } catch (const base::InputError& problem) {
            run.problems.emplace_back(problem.what());
        }
    };
    const std::string file = (path / "result.json").string();
    attempt("result.json", [&] {
        if (!fs::exists(file))
            throw base::InputError(
                fmt::format("{}: its run {}: it has left no result.json", path.string(), how_it_is(path)));
        run.result = result::from_json(base::read_file(file, base::most_of_json), file);
    });
    // Of an aborted run, which says so, nobody expects whole records of events.
    const bool is_aborted = run.result && run.result->summary.outcome == result::Outcome::aborted;
    if (is_aborted && run.problems.empty()) parts = Parts::what_is_usable;
    if (fs::exists(path / "events"))
        attempt("events", [&] {
            run.timeline = parts == Parts::all_or_nothing ? read_timeline(path)
                                                          : read_usable_timeline(path, run.problems);
        });
    if (parts == Parts::all_or_nothing && fs::exists(path / "events") && !run.timeline &&
        has_usable_events(path))
        usable.append(usable.empty() ? "" : ", ").append("events in part");
    const bool is_refused = parts == Parts::all_or_nothing && !run.problems.empty();
    if (usable.empty())
        throw base::InputError(fmt::format("{}; nothing here is usable", run.problems.front()));
    if (is_refused)
        throw base::InputError(
            fmt::format("{}; usable: {}; --partial shows that", run.problems.front(), usable));
    return run;
}

void require_timeline(const RunFolder& run) {
    if (!run.timeline)
        throw base::InputError((run.path / "events").string(), "nothing", "the events of a run",
                               "run it with --events full");
}

}  // namespace lockstep::study
