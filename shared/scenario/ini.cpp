#include "scenario/ini.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace lockstep::scenario {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view without_comment(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i)
        if ((line[i] == '#' || line[i] == ';') &&
            (i == 0 || blanks.find(line[i - 1]) != std::string_view::npos))
            return line.substr(0, i);
    return line;
}

}  // namespace

std::vector<IniEntry> read_ini(std::string_view source, std::string_view content) {
    std::vector<IniEntry> entries;
    for (std::size_t number = 1; !content.empty(); ++number) {
        const std::size_t end = content.find('\n');
        const std::string_view line = trimmed(without_comment(content.substr(0, end)));
        content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
        if (line.empty()) continue;
        const auto refuse = [&](std::string_view remedy) {
            throw base::InputError(fmt::format("{}:{}", source, number), line, "lines of key = value",
                                   remedy);
        };
        if (line.front() == '[') refuse("keys are flat: remove the section");
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) refuse("the = is missing");
        const std::string_view key = trimmed(line.substr(0, equals));
        if (key.empty()) refuse("the key is missing");
        entries.push_back({std::string(key), std::string(trimmed(line.substr(equals + 1))), number});
    }
    return entries;
}

}  // namespace lockstep::scenario
