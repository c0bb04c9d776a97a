#pragma once

#include <filesystem>

namespace lockstep::base {

/// Makes an empty file `.NAME.HOST-PID-NUMBER.tmp` beside `path`, for what is to take its name, and returns
/// where it is. Nobody else is given it: no other thread, process or host that shares the folder. HOST stands
/// for the machine since its start, and its numbers of processes, which containers have of their own. Where
/// the disk refuses, so will it whoever opens the file.
std::filesystem::path make_temporary_beside(const std::filesystem::path& path);

/// Makes a folder of such a name, which only this user may enter. Throws EnvironmentError.
std::filesystem::path make_temporary_folder(const std::filesystem::path& path);

/// Whether a file or folder has such a name, whoever made it.
bool is_temporary(const std::filesystem::path& file);

/// Removes from a folder those that processes of this machine have left which are no more: killed while they
/// wrote. Folders go with all that is in them, where they are this user's. What cannot be removed stays.
/// Cost: that of listing the folder.
void remove_leftovers(const std::filesystem::path& folder);

}  // namespace lockstep::base
