#include "base/temporary_file.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "base/function_ref.hpp"
#include "base/process/descriptor.hpp"
#include "base/process/machine.hpp"

namespace lockstep::base {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_suffix = ".tmp";
constexpr std::size_t host_digits = 8;

/// Who makes a temporary file or folder.
struct Writer {
    std::string host;
    pid_t process = 0;
};

std::string this_host() {
    std::error_code ignored;
    const std::string processes = fs::read_symlink("/proc/self/ns/pid", ignored).string();
    return digest_of_bytes(host_name() + boot_id() + processes).substr(0, host_digits);
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

/// It has ended, but nobody has waited for it: in a container, often nobody will.
bool is_zombie(pid_t process) {
    std::ifstream file(fmt::format("/proc/{}/stat", process));
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const std::size_t end_of_name = text.rfind(')');
    return end_of_name != std::string::npos && text.compare(end_of_name, 3, ") Z") == 0;
}

bool is_gone(const Writer& writer, const std::string& host) {
    if (writer.host != host) return false;
    return ::kill(writer.process, 0) != 0 ? errno == ESRCH : is_zombie(writer.process);
}

/// The first name that nobody has, or that `make` cannot make for another reason: then errno says it.
fs::path first_free(const fs::path& path, FunctionRef<bool(const char*)> make) {
    const std::string host = this_host();
    for (std::size_t number = 0;; ++number) {
        fs::path file = path.parent_path() / fmt::format(".{}.{}-{}-{}{}", path.filename().string(), host,
                                                         ::getpid(), number, temporary_suffix);
        if (make(file.c_str()) || errno != EEXIST) return file;
    }
}

/// With what is in it only where it is this user's: another could make it lead elsewhere meanwhile.
void remove_leftover(const fs::path& path) {
    struct stat status {};
    std::error_code ignored;
    if (::lstat(path.c_str(), &status) == 0 && status.st_uid == ::geteuid())
        fs::remove_all(path, ignored);
    else
        fs::remove(path, ignored);
}

}  // namespace

fs::path make_temporary_beside(const fs::path& path) {
    return first_free(path, [](const char* name) {
        return Descriptor(::open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)).is_open();
    });
}

fs::path make_temporary_folder(const fs::path& path) {
    bool is_made = false;
    fs::path folder = first_free(path, [&](const char* name) { return is_made = ::mkdir(name, 0700) == 0; });
    if (!is_made) fail_call(fmt::format("mkdir {}", folder.string()));
    return folder;
}

bool is_temporary(const fs::path& file) {
    return writer_of(file).has_value();
}

void remove_leftovers(const fs::path& folder) {
    const std::string host = this_host();
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, ignored))
        if (const auto writer = writer_of(entry.path()); writer && is_gone(*writer, host))
            remove_leftover(entry.path());
}

}  // namespace lockstep::base
