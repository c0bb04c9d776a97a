#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

namespace lockstep::simulation {

/// An XML platform file for one test, removed afterwards.
class PlatformFile {
  public:
    /// One zone with full routing and the given content.
    explicit PlatformFile(const std::string& zone_content)
        : PlatformFile(Verbatim{R"(<?xml version='1.0'?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1"><zone id="world" routing="Full">)" +
                                zone_content + "</zone></platform>\n"}) {}

    /// Just this text.
    struct Verbatim {
        std::string text;
    };
    explicit PlatformFile(const Verbatim& content)
        : path_(std::filesystem::temp_directory_path() /
                fmt::format("lockstep-platform-{}.xml", ::getpid())) {
        std::ofstream(path_) << content.text;
    }
    ~PlatformFile() { std::filesystem::remove(path_); }
    PlatformFile(const PlatformFile&) = delete;
    PlatformFile& operator=(const PlatformFile&) = delete;

    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

}  // namespace lockstep::simulation
