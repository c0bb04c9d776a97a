#include "study/folder_list.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include <fmt/format.h>
#include <glob.h>

#include "base/error.hpp"
#include "option/lists.hpp"

namespace lockstep::study {
namespace {

namespace fs = std::filesystem;

/// A name without patterns stands for itself, whether it is there or not.
std::vector<fs::path> matching(const std::string& part) {
    if (part.find_first_of("*?[") == std::string::npos || fs::exists(part)) return {part};
    std::vector<fs::path> folders;
    glob_t found{};
    const int problem = ::glob(part.c_str(), GLOB_ONLYDIR | GLOB_NOSORT, nullptr, &found);
    if (problem == GLOB_NOSPACE) throw std::bad_alloc();
    if (problem == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i) folders.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    std::erase_if(folders, [](const fs::path& folder) { return !fs::is_directory(folder); });
    std::ranges::sort(
        folders, [](const fs::path& a, const fs::path& b) { return ::strverscmp(a.c_str(), b.c_str()) < 0; });
    return folders;
}

}  // namespace

std::vector<fs::path> folder_list(const scenario::Invocation& invocation, std::string_view key) {
    const std::string& given = invocation.extra.at(std::string(key));
    const std::string option = fmt::format("--{}", key);
    std::vector<fs::path> folders;
    for (const std::string_view part : option::split_list(given)) {
        const std::vector<fs::path> named = matching(std::string(part));
        if (named.empty())
            throw base::InputError(option, given, "DIR[,DIR...]", fmt::format("no folder fits {}", part));
        for (const fs::path& folder : named) {
            if (folder.empty() || std::ranges::find(folders, folder) != folders.end())
                throw base::InputError(option, given, "DIR[,DIR...], each folder once",
                                       "name the folders that --out has left");
            folders.push_back(folder);
        }
    }
    if (folders.empty() && (invocation.given_on_command_line(key) || invocation.given_in_file(key)))
        throw base::InputError(option, given, "DIR[,DIR...]", "name a folder, or leave the key out");
    return folders;
}

}  // namespace lockstep::study
