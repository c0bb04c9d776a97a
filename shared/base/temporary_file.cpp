#include "base/temporary_file.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "base/process/descriptor.hpp"

namespace lockstep::base {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_suffix = ".tmp";
constexpr std::size_t host_digits = 8;

/// Who makes a temporary file.
struct Writer {
    std::string host;
    pid_t process = 0;
};

std::string this_host() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    std::error_code ignored;
    const std::string processes = fs::read_symlink("/proc/self/ns/pid", ignored).string();
    return digest_of_bytes(name.data() + processes).substr(0, host_digits);
}

/// Nothing where that is no name of a temporary file.
std::optional<Writer> writer_of(const fs::path& file) {
    const std::string name = file.filename().string();
    if (!name.starts_with('.') || !name.ends_with(temporary_suffix)) return std::nullopt;
    const std::string_view stem = std::string_view(name).substr(0, name.size() - temporary_suffix.size());
    const std::string_view writer = stem.substr(stem.rfind('.') + 1);
    const std::size_t end_of_process = writer.rfind('-');
    if (writer.find('-') != host_digits || end_of_process == host_digits) return std::nullopt;
    const std::string_view number = writer.substr(host_digits + 1, end_of_process - host_digits - 1);
    pid_t process = 0;
    const auto [rest, problem] = std::from_chars(number.data(), number.data() + number.size(), process);
    if (problem != std::errc{} || rest != number.data() + number.size() || process <= 0) return std::nullopt;
    return Writer{std::string(writer.substr(0, host_digits)), process};
}

bool is_gone(const Writer& writer, const std::string& host) {
    return writer.host == host && ::kill(writer.process, 0) != 0 && errno == ESRCH;
}

}  // namespace

fs::path make_temporary_beside(const fs::path& path) {
    const std::string host = this_host();
    for (std::size_t number = 0;; ++number) {
        fs::path file = path.parent_path() / fmt::format(".{}.{}-{}-{}{}", path.filename().string(), host,
                                                         ::getpid(), number, temporary_suffix);
        const Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
        if (made.is_open() || errno != EEXIST) return file;
    }
}

bool is_temporary(const fs::path& file) {
    return writer_of(file).has_value();
}

void remove_leftovers(const fs::path& folder) {
    const std::string host = this_host();
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, ignored))
        if (const auto writer = writer_of(entry.path()); writer && is_gone(*writer, host))
            fs::remove(entry.path(), ignored);
}

}  // namespace lockstep::base
