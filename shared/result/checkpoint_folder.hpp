#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "result/checkpoint.hpp"

namespace lockstep::result {

/// Where that checkpoint of a run is: `checkpoint-NUMBER.lockstep`.
std::filesystem::path checkpoint_file(const std::filesystem::path& folder, std::uint64_t number);

/// Writes it into the folder, which is made where it is missing, so that it survives a loss of power; then
/// removes all others but the one before it, by number: also those after it, which are of an earlier run or
/// damaged. Errors: EnvironmentError naming the file where the disk refuses, or where it would have more than
/// base::most_of_checkpoints bytes; what was there is still there. Cost: memory for all parts once more, and
/// the time of the disk.
void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint);

/// One that can be gone on from.
struct FoundCheckpoint {
    std::filesystem::path file;
    Checkpoint checkpoint;
    std::string passed_over;  ///< in one line, why the newest was not taken; empty where it was
};

/// The newest in the folder that is whole, by the number in its name; nothing where there is none, or no
/// folder. Errors: InputError with what is wrong with the newest where all are damaged;
/// OtherCheckpointFormat where one in another version of the format comes before one that is whole: nothing
/// older is taken for it; EnvironmentError where the folder cannot be listed. Cost: memory for twice the
/// file.
std::optional<FoundCheckpoint> newest_checkpoint(const std::filesystem::path& folder);

/// For a run that has ended, when its result is written. Leaves other files alone; a folder that is missing
/// has none. Errors: EnvironmentError naming the file, or the folder.
void remove_checkpoints(const std::filesystem::path& folder);

}  // namespace lockstep::result
