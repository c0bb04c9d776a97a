#include "study/launch/spawn.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/process/descriptor.hpp"
#include "base/process/parent.hpp"

namespace lockstep::study {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

[[noreturn]] void fail_to_start(const ChildCommand& command, int problem) {
    throw base::EnvironmentError(
        fmt::format("{}: cannot start: {}", command.words.front(), std::strerror(problem)));
}

/// In the child, before it is another program.
bool set_up(const StandardStreams& streams, const sigset_t& mask) {
    const int empty = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (empty < 0 || ::dup2(streams[STDIN_FILENO].value_or(empty), STDIN_FILENO) < 0) return false;
    for (const int target : {STDOUT_FILENO, STDERR_FILENO})
        if (const auto source = streams[static_cast<std::size_t>(target)];
            source && ::dup2(*source, target) < 0)
            return false;
    std::signal(SIGPIPE, SIG_DFL);
    return ::sigprocmask(SIG_SETMASK, &mask, nullptr) == 0;
}

/// In the child. In the background of a terminal it may write to that all the same (stty tostop).
void leave_our_group(int warning_signal, sigset_t& mask) {
    ::setpgid(0, 0);
    sigaddset(&mask, SIGTTOU);
    sigdelset(&mask, warning_signal);
    std::signal(warning_signal, SIG_DFL);
}

/// What kept the child from becoming its program, as errno tells it; 0: nothing.
int problem_of(const base::Descriptor& source) {
    int problem = 0;
    ssize_t got = 0;
    do got = ::read(source.number(), &problem, sizeof problem);
    while (got < 0 && errno == EINTR);
    return got == sizeof problem ? problem : 0;
}

std::vector<std::string> environment_of(const ChildCommand& command) {
    std::vector<std::string> variables;
    for (const auto& [name, value] : command.environment)
        variables.push_back(fmt::format("{}={}", name, value));
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        bool replaced = false;
        for (const auto& [name, value] : command.environment)
            replaced = replaced || text.starts_with(name + '=');
        if (!replaced) variables.emplace_back(text);
    }
    return variables;
}

}  // namespace

bool is_executable(const std::string& path) {
    std::error_code ignored;  // of a folder that may not be looked into
    return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> program_on_path(std::string_view name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "" : path;
    while (!rest.empty()) {
        const std::string_view folder = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
        std::string candidate = fmt::format("{}/{}", folder.empty() ? "." : folder, name);
        if (is_executable(candidate)) return candidate;
    }
    return std::nullopt;
}

pid_t spawn(const ChildCommand& command, const StandardStreams& streams, const sigset_t& mask) {
    std::vector<std::string> words = command.words;
    std::vector<std::string> variables = environment_of(command);
    const std::vector<char*> arguments = pointers(words);
    const std::vector<char*> environment = pointers(variables);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) base::fail_call("pipe2");
    const base::Descriptor source(ends[0]);
    base::Descriptor target(ends[1]);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) fail_to_start(command, errno);
    if (pid == 0) {
        base::end_with_parent(parent, command.orphan_signal);
        sigset_t own_mask = mask;
        if (command.warning_signal) leave_our_group(*command.warning_signal, own_mask);
        if (set_up(streams, own_mask)) ::execve(arguments.front(), arguments.data(), environment.data());
        const int problem = errno;
        (void)!::write(target.number(), &problem, sizeof problem);
        ::_exit(127);
    }
    target = base::Descriptor();
    if (const int problem = problem_of(source)) {
        ::waitpid(pid, nullptr, 0);
        fail_to_start(command, problem);
    }
    return pid;
}

}  // namespace lockstep::study
