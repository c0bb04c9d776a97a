#include "study/validate/against/changes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/trimmed.hpp"
#include "scenario/applicability.hpp"
#include "study/result_option.hpp"

namespace lockstep::study {
namespace {

using base::InputError;
using scenario::Config;

constexpr std::string_view against_flag = "--against";
constexpr std::string_view change_form = "KEY=VALUE[;KEY=VALUE...]";

/// Whether a part of a line goes on with the value of the change before it.
bool goes_on(std::string_view part, const Change& before) {
    const std::size_t equals = part.find('=');
    return equals == std::string_view::npos ||
           (before.option->kind.is_repeatable && scenario::find_option(part.substr(0, equals)) == nullptr);
}

/// The change that a part of a line begins, or a further value of one that may be repeated.
Change& begun(std::vector<Change>& changes, std::string_view part, const std::string& text) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0)
        throw InputError(against_flag, text, change_form,
                         "write for example --against straggler=worker=1,factor=4");
    const scenario::Option& option =
        result_option(part.substr(0, equals), against_flag, text, change_form, "is the same on both sides");
    const std::string value(part.substr(equals + 1));
    const auto earlier = std::ranges::find(changes, &option, &Change::option);
    if (earlier == changes.end()) return changes.emplace_back(Change{&option, value});
    if (!option.kind.is_repeatable)
        throw InputError(against_flag, text, "each key once", fmt::format("{} is there twice", option.key));
    earlier->value += ';' + value;
    return *earlier;
}

}  // namespace

std::vector<ChangedKey> changed_keys(std::span<const Change> changes, const Config& given,
                                     const Config& changed) {
    std::vector<ChangedKey> keys;
    for (const auto& [option, value] : changes)
        keys.push_back({std::string(option->key), option->kind.get(given), option->kind.get(changed)});
    return keys;
}

std::vector<Change> parse_changes(const std::string& text) {
    std::vector<Change> changes;
    for (const std::string_view line : scenario::split_list(text, '\n')) {
        Change* current = nullptr;
        for (const std::string_view part : scenario::split_list(line, ';')) {
            const std::string_view words = base::trimmed(part);
            if (current != nullptr && goes_on(words, *current))
                current->value += fmt::format(";{}", words);
            else
                current = &begun(changes, words, text);
        }
    }
    if (changes.empty())
        throw InputError(against_flag, text, change_form, "say what is to be changed, or leave it out");
    Config scratch;
    for (const Change& change : changes)
        change.option->kind.set(scratch, fmt::format("{} {}", against_flag, change.option->key),
                                change.value);
    return changes;
}

std::vector<std::string> changed_arguments(std::span<const std::string> arguments,
                                           std::span<const scenario::ExtraOption> extra,
                                           std::span<const Change> changes, const std::string& measured) {
    std::vector<std::string> keys{"against", "pairs", "measured", "measured-against", "difference-tolerance"};
    for (const Change& change : changes) keys.emplace_back(change.option->key);
    std::vector<std::string> words = scenario::without_keys(arguments, keys);
    for (const Change& change : changes)
        words.push_back(fmt::format("--{}={}", change.option->key, change.value));
    words.emplace_back("--against=");  // whatever a file says
    if (!measured.empty()) words.push_back("--measured=" + measured);
    const scenario::Invocation invocation = scenario::parse(words, extra, scenario::World::real);
    std::vector<std::string> without_effect;
    for (const std::string& key : invocation.command_line_keys)
        if (std::ranges::find(keys, key) == keys.end() && !scenario::applies(key, invocation.config))
            without_effect.push_back(key);
    return scenario::without_keys(words, without_effect);
}

void require_differences(std::span<const Change> changes, const Config& given, const Config& changed) {
    for (const auto& [option, value] : changes)
        if (option->kind.get(given) == option->kind.get(changed))
            throw InputError(against_flag, fmt::format("{}={}", option->key, value),
                             "another value than the scenario's", "the two sides would be the same in it");
}

void require_possible_changes(std::span<const Change> changes, const Config& changed, bool is_calibrated) {
    for (const auto& [option, value] : changes) {
        const std::string given = fmt::format("{}={}", option->key, value);
        if (!scenario::has_use_for(*option, scenario::World::real, changed)) {
            const bool may_be_emulated = option->group == scenario::Group::slowness;
            throw InputError(
                against_flag, given, "keys that can be changed in the real world",
                fmt::format("real runs take {}; {}give the results of both sides (--measured, "
                            "--measured-against)",
                            may_be_emulated ? "the processors there are" : "processors and links as they are",
                            may_be_emulated ? "emulate processors (--emulate-speed 50Mf), or " : ""));
        }
        if (!is_calibrated && !scenario::has_use_for(*option, scenario::World::simulated, changed))
            throw InputError(against_flag, given, "keys that a simulation on a given platform has a use for",
                             "leave the platform out, so that each side is calibrated");
    }
}

}  // namespace lockstep::study
