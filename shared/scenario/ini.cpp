#include "scenario/ini.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/trimmed.hpp"

namespace lockstep::scenario {
namespace {

std::string_view without_comment(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i)
        if ((line[i] == '#' || line[i] == ';') && (i == 0 || base::trimmed(line.substr(i - 1, 1)).empty()))
            return line.substr(0, i);
    return line;
}

}  // namespace

std::vector<IniEntry> read_ini(std::string_view source, std::string_view content) {
    std::vector<IniEntry> entries;
    for (std::size_t number = 1; !content.empty(); ++number) {
        const std::size_t end = content.find('\n');
        const std::string_view line = base::trimmed(without_comment(content.substr(0, end)));
        content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
        if (line.empty()) continue;
        const auto refuse = [&](std::string_view remedy) {
            throw base::InputError(fmt::format("{}:{}", source, number), line, "lines of key = value",
                                   remedy);
        };
        if (line.front() == '[') refuse("keys are flat: remove the section");
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) refuse("the = is missing");
        const std::string_view key = base::trimmed(line.substr(0, equals));
        if (key.empty()) refuse("the key is missing");
        entries.push_back({std::string(key), std::string(base::trimmed(line.substr(equals + 1))), number});
    }
    return entries;
}

}  // namespace lockstep::scenario
