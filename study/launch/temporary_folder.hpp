#pragma once

#include <filesystem>

namespace lockstep::study {

/// A folder of its own for what is not kept, removed in the end, or where the process is killed by the next
/// one.
class TemporaryFolder {
  public:
    /// Errors: InputError where TMPDIR names no folder; EnvironmentError.
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace lockstep::study
