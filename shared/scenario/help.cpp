#include "scenario/help.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/terminal.hpp"
#include "exchange/catalogue.hpp"
#include "option/lists.hpp"

namespace lockstep::scenario {
namespace {

constexpr std::size_t total_width = 100;
constexpr std::size_t text_column = 30;

std::string entry(std::string_view key, std::string_view placeholder, std::string_view text) {
    std::string left = fmt::format("  --{} {}", key, placeholder);
    if (left.size() + 2 > text_column) left += '\n' + std::string(text_column, ' ');
    left.resize(std::max(left.size(), text_column), ' ');
    return left + base::wrapped(text, total_width - text_column, text_column) + '\n';
}

std::string entry(const Option& option) {
    const std::string preset = default_text(option);
    return entry(option.key, option.kind.placeholder,
                 fmt::format("{} [{}; default: {}]", option.help, option.kind.allowed,
                             preset.empty() ? "nothing" : preset));
}

std::string entry(const ExtraOption& option) {
    const std::string allowed = option.choices.empty() ? std::string() : joined(option.choices, ", ") + "; ";
    return entry(option.key, option.placeholder,
                 fmt::format("{} [{}default: {}]", option.help, allowed,
                             option.default_value.empty() ? "nothing" : option.default_value));
}

std::string method_list() {
    std::string text;
    for (const Method& method : Method::all())
        text += fmt::format("  {:<{}}{}\n", method.name(), text_column - 2, method->traits->summary);
    return text;
}

}  // namespace

std::string help(std::string_view usage, std::span<const Group> groups, std::span<const ExtraOption> extra,
                 std::string_view extra_title, std::span<const std::string_view> hidden) {
    std::string text = base::wrapped(usage, total_width, 2) + '\n';
    if (!extra.empty()) text += fmt::format("\n{}\n", extra_title);
    for (const ExtraOption& option : extra) text += entry(option);
    for (const Group group : groups) {
        text += fmt::format("\n{}\n", title(group));
        for (const Option& option : options()) {
            if (option.group != group || std::ranges::find(hidden, option.key) != hidden.end()) continue;
            text += entry(option);
            if (option.key == "method") text += method_list();
        }
    }
    const std::string_view about_files =
        "The same keys, without the dashes, are the lines `key = value` of a SCENARIO.ini; the command line "
        "wins.";
    text += '\n';
    if (!groups.empty()) text += base::wrapped(about_files, total_width, 0) + '\n';
    return text + entry("help", "", "Show this text.") + entry("version", "", "Show the version.");
}

}  // namespace lockstep::scenario
