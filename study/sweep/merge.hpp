#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "study/sweep/folder.hpp"
#include "study/sweep/plan.hpp"

namespace lockstep::study {

/// What shards have left of a sweep.
struct SweepShards {
    std::vector<SweepRuns> folders;
    std::vector<std::optional<std::size_t>> folder_of_run;  ///< none where the run failed
};

/// Fills in the summary or failure of every run of the whole sweep from the folders of its shards. Nothing is
/// written. Errors: InputError naming the folder that is none of a sweep, of one that is in use or has not
/// ended, or of another sweep (keys, values, or a run that other options, files or another lockstep made),
/// the file of a result that is damaged or of another run, and a point that is in none of the folders; also
/// where no run has a result.
SweepShards take_shards(SweepPlan& plan, std::span<const std::filesystem::path> folders,
                        scenario::Events events);

/// Errors: InputError naming `--out` where its table has points that are none of the plan's: those of another
/// shard.
void require_no_other_shard(const SweepPlan& plan, const std::filesystem::path& out);

/// Copies every result, and `events`, to the sweep's own folder. Errors: EnvironmentError.
void copy_runs(const SweepPlan& plan, const SweepShards& shards, const SweepFolder& folder,
               scenario::Events events);

}  // namespace lockstep::study
