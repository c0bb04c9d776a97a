#include "study/launch/spawn.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include "base/error.hpp"

namespace lockstep::study {
namespace {

/// What posix_spawn needs besides the words, freed in the end.
class SpawnSettings {
  public:
    SpawnSettings(const StandardStreams& streams, const sigset_t& mask) {
        ::posix_spawnattr_init(&attributes);
        ::posix_spawnattr_setsigmask(&attributes, &mask);
        sigset_t ignored_by_us;
        sigemptyset(&ignored_by_us);
        sigaddset(&ignored_by_us, SIGPIPE);
        ::posix_spawnattr_setsigdefault(&attributes, &ignored_by_us);
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        for (std::size_t target = 0; target < streams.size(); ++target)
            if (streams[target])
                ::posix_spawn_file_actions_adddup2(&actions, *streams[target], static_cast<int>(target));
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    ~SpawnSettings() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }

    posix_spawnattr_t attributes{};
    posix_spawn_file_actions_t actions{};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
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
    const SpawnSettings settings(streams, mask);
    std::vector<std::string> words = command.words;
    std::vector<std::string> variables = environment_of(command);
    pid_t pid = 0;
    const int problem = ::posix_spawn(&pid, words.front().c_str(), &settings.actions, &settings.attributes,
                                      pointers(words).data(), pointers(variables).data());
    if (problem != 0)
        throw base::EnvironmentError(
            fmt::format("{}: cannot start: {}", words.front(), std::strerror(problem)));
    return pid;
}

}  // namespace lockstep::study
