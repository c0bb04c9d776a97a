#include "base/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/process/descriptor.hpp"
#include "base/process/program.hpp"
#include "base/temporary_file.hpp"

namespace lockstep::base {
namespace {

constexpr std::size_t most_of_device = std::size_t{1} << 28U;  // /dev/zero never ends

/// A file that is open, and its limit.
class LimitedFile {
  public:
    LimitedFile(const std::filesystem::path& path, std::size_t most) : path_(path) {
        std::error_code unknown;
        if (std::filesystem::is_directory(path, unknown))
            throw InputError(path.string(), "a folder", "a file", "name a file in it");
        errno = 0;
        file_.open(path, std::ios::binary);
        if (!file_)
            throw InputError(path.string(), std::strerror(errno), "a readable file",
                             "check the path and its permissions");
        ends_ = std::filesystem::is_regular_file(path, unknown);
        most_ = ends_ ? most : std::min(most, most_of_device);
        if (ends_) require(std::filesystem::file_size(path, unknown));
    }

    std::string read() {
        std::string content;
        std::array<char, 1U << 16U> piece{};
        while (file_.read(piece.data(), piece.size()) || file_.gcount() > 0) {
            content.append(piece.data(), static_cast<std::size_t>(file_.gcount()));
            require(content.size());
        }
        if (file_.bad())
            throw EnvironmentError(fmt::format("{}: read failed: {}", path_.string(), std::strerror(errno)));
        return content;
    }

  private:
    void require(std::uintmax_t bytes) const {
        if (bytes > most_)
            throw InputError(path_.string(),
                             ends_ ? fmt::format("{} bytes", bytes) : "a device or pipe without end",
                             fmt::format("a file of at most {} bytes", most_));
    }

    std::filesystem::path path_;
    std::ifstream file_;
    std::size_t most_ = 0;
    bool ends_ = false;  ///< no device or pipe
};

/// Waits until the disk has a file, or the names in a folder. Returns 0 or what errno says.
int put_on_disk(const std::filesystem::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.is_open() && ::fsync(file.number()) == 0) return 0;
    return errno == EINVAL ? 0 : errno;  // a file system that knows no such promise
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::size_t most) {
    return LimitedFile(path, most).read();
}

void require_readable_file(const std::filesystem::path& path, std::size_t most) {
    const LimitedFile file(path, most);
}

FileInPieces::FileInPieces(std::filesystem::path path, Survives survives)
    : path_(std::move(path)), survives_(survives) {
    std::error_code ignored;
    if (std::filesystem::is_symlink(path_, ignored))
        if (const auto target = std::filesystem::canonical(path_, ignored); !ignored) path_ = target;
    temporary_ = std::filesystem::is_other(path_, ignored) ? path_ : make_temporary_beside(path_);
    errno = 0;
    file_.open(temporary_, std::ios::binary | std::ios::trunc);
    note_problem();
}

FileInPieces::~FileInPieces() {
    if (is_committed_ || temporary_ == path_) return;
    file_.close();
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
}

void FileInPieces::write(std::string_view piece) {
    errno = 0;
    file_.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    note_problem();
}

void FileInPieces::note_problem() {
    if (!file_ && problem_ == 0) problem_ = errno != 0 ? errno : EIO;
}

void FileInPieces::require(const std::error_code& problem) const {
    if (problem)
        throw EnvironmentError(fmt::format("{}: cannot write: {}", path_.string(), problem.message()));
}

void FileInPieces::complete() {
    errno = 0;
    const bool was_open = file_.is_open();
    if (was_open) file_.close();
    note_problem();
    const bool goes_to_disk = survives_ == Survives::power_loss && temporary_ != path_;
    if (was_open && problem_ == 0 && goes_to_disk) problem_ = put_on_disk(temporary_);
    require({problem_, std::generic_category()});
}

void FileInPieces::commit() {
    complete();
    std::error_code problem;
    if (temporary_ != path_) std::filesystem::rename(temporary_, path_, problem);
    require(problem);
    is_committed_ = true;
    if (survives_ == Survives::program_end || temporary_ == path_) return;
    const std::filesystem::path folder = path_.parent_path();
    require({put_on_disk(folder.empty() ? "." : folder), std::generic_category()});
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content, Survives survives) {
    FileInPieces file(path, survives);
    file.write(content);
    file.commit();
}

void require_writable_folder(std::string_view option, const std::filesystem::path& folder) {
    const auto refuse = [&](const std::string& reason) {
        throw InputError(option, folder.string(), "a folder that can be created and written to", reason);
    };
    std::error_code problem;
    const auto is_missing = [&](const std::filesystem::path& path) {
        const auto type = std::filesystem::symlink_status(path, problem).type();
        if (type == std::filesystem::file_type::none) refuse(problem.message());
        return type == std::filesystem::file_type::not_found;
    };
    std::filesystem::path existing = folder;
    while (!existing.empty() && is_missing(existing)) existing = existing.parent_path();
    if (existing.empty()) existing = ".";
    if (!std::filesystem::is_directory(existing, problem))
        refuse(fmt::format("{} is no folder", existing.string()));
    if (::access(existing.c_str(), W_OK | X_OK) != 0)
        refuse(fmt::format("{}: {}", existing.string(), std::strerror(errno)));
}

void print_to_stdout(std::string_view text) {
    errno = 0;
    const bool taken = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (std::fflush(stdout) == 0 && taken) return;
    const int problem = errno != 0 ? errno : EIO;
    const std::string message = fmt::format("stdout: cannot write: {}", std::strerror(problem));
    if (problem == EPIPE) throw BrokenPipe(message);
    throw EnvironmentError(message);
}

}  // namespace lockstep::base
