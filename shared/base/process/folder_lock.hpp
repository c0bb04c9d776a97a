#pragma once

#include <filesystem>
#include <string_view>

#include "base/process/descriptor.hpp"

namespace lockstep::base {

/// Keeps other commands of ours out of a folder while it lives. The system ends it with the process, however
/// that ends; what a killed one leaves is an empty file, which locks nothing. Where the file system knows no
/// locks, nobody is kept out.
///
/// Half a second is waited for another command to end: one that was killed may have children that are still
/// about to.
class FolderLock {
  public:
    /// Creates the folder where it is missing, and removes it in the end if it is empty then; an empty name
    /// is no folder, and nothing is locked.
    /// Errors: InputError naming `option` where another command uses the folder, EnvironmentError where the
    /// disk refuses.
    FolderLock(std::string_view option, const std::filesystem::path& folder);
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    ~FolderLock();

    /// The name of its file.
    static constexpr const char* file_name = ".lock";

    /// Whether a command has locked the folder.
    static bool is_held(const std::filesystem::path& folder);

  private:
    std::filesystem::path folder_;
    bool is_ours_ = false;  ///< made by this
    Descriptor lock_;
};

}  // namespace lockstep::base
