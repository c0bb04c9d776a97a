#include "base/process/folder_lock.hpp"

#include <cerrno>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/function_ref.hpp"

namespace lockstep::base {
namespace {

namespace fs = std::filesystem;

/// Whether it was missing.
bool create_folder(const fs::path& folder) {
    std::error_code problem;
    const bool is_new = fs::create_directories(folder, problem);
    if (problem)
        throw EnvironmentError(fmt::format("{}: cannot write: {}", folder.string(), problem.message()));
    return is_new;
}

/// Whether the file of that name is still the one that was opened: who had it locked has removed it.
bool is_still(const fs::path& file, const Descriptor& opened) {
    struct stat of_name {};
    struct stat of_opened {};
    return ::stat(file.c_str(), &of_name) == 0 && ::fstat(opened.number(), &of_opened) == 0 &&
           of_name.st_dev == of_opened.st_dev && of_name.st_ino == of_opened.st_ino;
}

/// Whether `attempt` succeeds within half a second.
bool succeeds_soon(FunctionRef<bool()> attempt) {
    constexpr int trials = 20;
    constexpr useconds_t between_us = 25'000;
    for (int trial = 0; trial < trials; ++trial) {
        if (attempt()) return true;
        ::usleep(between_us);
    }
    return false;
}

/// Nothing where somebody else has the lock, or has just removed the file or its folder.
std::optional<Descriptor> try_to_lock(const fs::path& file) {
    Descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!lock.is_open() && errno == ENOENT) return std::nullopt;
    if (!lock.is_open()) fail_call(fmt::format("open {}", file.string()));
    if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return std::nullopt;
    if (!is_still(file, lock)) return std::nullopt;
    return lock;
}

}  // namespace

FolderLock::FolderLock(std::string_view option, const fs::path& folder) : folder_(folder) {
    if (folder.empty()) return;
    const auto take = [&] {
        is_ours_ = create_folder(folder) || is_ours_;
        auto lock = try_to_lock(folder / file_name);
        if (lock) lock_ = std::move(*lock);
        return lock.has_value();
    };
    if (succeeds_soon(take)) return;
    throw InputError(option, folder.string(), "a folder that no other command is using",
                     "wait until that has ended, or choose another folder");
}

FolderLock::~FolderLock() {
    if (!lock_.is_open()) return;
    std::error_code ignored;
    fs::remove(folder_ / file_name, ignored);
    if (is_ours_) fs::remove(folder_, ignored);  // refused where something is in it
}

bool FolderLock::is_held(const fs::path& folder) {
    const Descriptor lock(::open((folder / file_name).c_str(), O_RDONLY | O_CLOEXEC));
    if (!lock.is_open()) return false;
    return !succeeds_soon(
        [&] { return ::flock(lock.number(), LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK; });
}

}  // namespace lockstep::base
