#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace lockstep::scenario {

/// A file of that content in a folder of its own, gone at the end of the test.
class TemporaryFile {
  public:
    TemporaryFile(std::string_view name, std::string_view content) {
        std::string folder = (std::filesystem::temp_directory_path() / "lockstep-XXXXXX").string();
        if (::mkdtemp(folder.data()) == nullptr) throw std::filesystem::filesystem_error("mkdtemp", {});
        folder_ = folder;
        path_ = folder_ / name;
        std::ofstream(path_, std::ios::binary) << content;
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { std::filesystem::remove_all(folder_); }
    std::string path() const { return path_.string(); }
    std::filesystem::path folder() const { return folder_; }

  private:
    std::filesystem::path folder_;
    std::filesystem::path path_;
};

}  // namespace lockstep::scenario
