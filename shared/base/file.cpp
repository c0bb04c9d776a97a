#include "base/file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"

namespace lockstep::base {
namespace {

std::filesystem::path temporary_beside(const std::filesystem::path& path) {
    return path.parent_path() / fmt::format(".{}.{}.tmp", path.filename().string(), ::getpid());
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path))
        throw InputError(path.string(), "a folder", "a file", "name a file in it");
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw InputError(path.string(), std::strerror(errno), "a readable file",
                         "check the path and its permissions");
    std::ostringstream content;
    content << file.rdbuf();
    if (file.bad())
        throw EnvironmentError(fmt::format("{}: read failed: {}", path.string(), std::strerror(errno)));
    return std::move(content).str();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content) {
    const auto temporary = temporary_beside(path);
    std::error_code problem;
    {
        errno = 0;
        std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
        file.write(content.data(), static_cast<std::streamsize>(content.size()));
        file.close();
        if (!file) problem = std::error_code(errno != 0 ? errno : EIO, std::generic_category());
    }
    if (!problem) std::filesystem::rename(temporary, path, problem);
    if (!problem) return;
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw EnvironmentError(fmt::format("{}: cannot write: {}", path.string(), problem.message()));
}

void require_writable_folder(std::string_view option, const std::filesystem::path& folder) {
    const auto refuse = [&](const std::string& reason) {
        throw InputError(option, folder.string(), "a folder that can be created and written to", reason);
    };
    std::filesystem::path missing;  // the topmost folder that we create here and remove again
    std::error_code problem;
    for (auto part = folder; !part.empty() && !std::filesystem::exists(part, problem);
         part = part.parent_path())
        missing = part;
    std::filesystem::create_directories(folder, problem);
    if (problem) refuse(problem.message());
    const auto trial = temporary_beside(folder / "trial");
    const bool writable = std::ofstream(trial).put(' ').good();
    const int reason = errno;
    std::error_code ignored;
    std::filesystem::remove(trial, ignored);
    if (!missing.empty()) std::filesystem::remove_all(missing, ignored);
    if (!writable) refuse(std::strerror(reason));
}

}  // namespace lockstep::base
