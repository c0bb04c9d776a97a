#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

namespace lockstep::simulation {

/// A profile of a platform file, beside which it lies, removed afterwards. SimGrid 3.32 opens no absolute
/// name.
class ProfileFile {
  public:
    explicit ProfileFile(const std::string& lines)
        : path_(std::filesystem::temp_directory_path() / fmt::format("lockstep-{}.profile", ::getpid())) {
        std::ofstream(path_) << lines;
    }
    ~ProfileFile() { std::filesystem::remove(path_); }
    ProfileFile(const ProfileFile&) = delete;
    ProfileFile& operator=(const ProfileFile&) = delete;

    std::string name() const { return path_.filename().string(); }

  private:
    std::filesystem::path path_;
};

}  // namespace lockstep::simulation
