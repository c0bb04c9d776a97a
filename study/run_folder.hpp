#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "events/timeline.hpp"
#include "result/result.hpp"

namespace lockstep::study {

/// The folder's own name, also of `.` and `run/`.
std::string folder_name(const std::filesystem::path& path);

/// What `--out` of a run has left.
struct RunFolder {
    std::filesystem::path path;
    std::string name;                          ///< the folder's own, for headings
    std::optional<result::Result> result;      ///< always there unless only a part was asked for
    std::optional<events::Timeline> timeline;  ///< where the run recorded its events in full
    std::vector<std::string> problems;         ///< of a part: what could not be read, and why
};

/// What becomes of a folder of which something is missing or damaged.
enum class Parts { all_or_nothing, what_is_usable };

/// Errors: InputError as of require_kind, or naming the file, what is wrong with it and what is usable: where
/// a file cannot be read, is cut off or of another version; with `what_is_usable`, and of events of a run
/// that was aborted, only where nothing is.
RunFolder read_run_folder(const std::filesystem::path& path, Parts parts);

/// What has filled a folder, as the files in it show.
enum class FolderKind { run, sweep, comparison, table, validation, other };
FolderKind kind_of(const std::filesystem::path& folder);

/// Errors: InputError where it is no folder, or one that nothing of ours has filled.
void require_filled(const std::filesystem::path& folder);

/// Errors: as require_filled; also where something else has filled it, with what shows that.
void require_kind(const std::filesystem::path& folder, FolderKind wanted);

/// Errors: InputError where the run has left no events.
void require_timeline(const RunFolder& run);

}  // namespace lockstep::study
