#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lockstep::base {

/// The whole file as bytes. Throws InputError naming the file where it is missing, a folder or unreadable.
std::string read_file(const std::filesystem::path& path);

/// Writes to a temporary name in the same folder, then renames: readers see the old file or the new one,
/// never half. Throws EnvironmentError naming the file where the disk refuses; the temporary file is removed.
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// Proves that `folder` exists or can be created, and that files can be written in it, leaving nothing
/// behind. `option` is named in the message. Throws InputError.
void require_writable_folder(std::string_view option, const std::filesystem::path& folder);

}  // namespace lockstep::base
