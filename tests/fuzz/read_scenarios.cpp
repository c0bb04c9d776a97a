// What says how to run: scenario files, command lines, values of options, calibrations.
#include <algorithm>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "option/lists.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/parse.hpp"
#include "scenario/validate.hpp"
#include "study/break_even/request.hpp"
#include "study/compare/compare.hpp"
#include "study/manual/request.hpp"
#include "study/report/request.hpp"
#include "study/table/rows.hpp"
#include "study/validate/request.hpp"
#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/readers.hpp"

namespace lockstep::fuzz {
namespace {

using scenario::Config;
using scenario::World;
using Words = std::vector<std::string>;

/// A front end passes a run on to the programs of both worlds as a command line.
void require_command_line(const Config& config) {
    for (const World world : {World::simulated, World::real}) {
        const Words words = scenario::to_arguments(config, world);
        const Config again = scenario::parse(words, {}, world).config;
        require_same(option::joined(scenario::to_arguments(again, world), "\n"), option::joined(words, "\n"));
    }
}

std::optional<scenario::Invocation> read_words(const Words& words,
                                               std::span<const scenario::ExtraOption> extra) {
    auto invocation = taken([&] { return scenario::parse(words, extra, World::simulated); });
    if (!invocation) return {};
    require_command_line(invocation->config);
    accepts([&] { scenario::validate(*invocation); });
    return invocation;
}

/// What commands make of their own keys.
void read_command(const study::CommandPage& page, const Words& words) {
    const auto invocation = read_words(words, page.keys);
    if (!invocation) return;
    const std::size_t workers = invocation->config.workers;
    if (page.name == "break-even") accepts([&] { study::parse_break_even(*invocation); });
    if (page.name == "compare")
        accepts([&] { study::parse_methods(invocation->extra.at("methods"), workers); });
    if (page.name == "table") accepts([&] { study::parse_table_rows(invocation->extra.at("table-rows")); });
    if (page.name == "validate") accepts([&] { study::requested_validation(*invocation); });
}

bool asks_for_text(const std::string& word) {
    return word == "-h" || word == "--help" || word == "--version";
}

}  // namespace

void read_scenario_file(std::string_view input) {
    read_words({file_of(input, "scenario.ini").string()}, {});
}

void read_command_line(std::string_view input) {
    Words words;
    for (const std::string_view word : option::split_list(input, '\n')) words.emplace_back(word);
    if (words.empty() || std::ranges::any_of(words, asks_for_text)) return;
    const auto pages = study::pages();
    const auto page = std::ranges::find(pages, words.front(), &study::CommandPage::name);
    if (page == pages.end()) return;
    words.erase(words.begin());
    if (page->has_scenario()) return read_command(*page, words);
    const auto request = taken([&] { return study::read_request(*page, words); });
    if (request && page->name == "report") accepts([&] { study::report_request(**request); });
}

void read_option_value(std::string_view input) {
    for (const scenario::Option& option : scenario::options()) {
        Config config;
        if (!accepts([&] { option.kind.set(config, option.key, input); })) continue;
        const std::string text = option.kind.get(config);
        Config again;
        option.kind.set(again, option.key, text);
        require_same(option.kind.get(again), text);
    }
}

namespace {

/// With a right digest; nothing where it is no object that could have one.
std::optional<std::string> sealed(std::string_view input) {
    try {
        if (base::parse_json(input).is_object()) return scenario::sealed_calibration(input);
    } catch (const std::invalid_argument&) {  // NOLINT(bugprone-empty-catch): as with other text
    }
    return std::nullopt;
}

}  // namespace

void read_calibration_file(std::string_view input) {
    accepts([&] { scenario::read_calibration(file_of(input, "calibration.json").string()); });
    const auto sealed_input = sealed(input);
    if (!sealed_input) return;
    const std::string file = file_of(*sealed_input, "calibration.json").string();
    const auto calibration = taken([&] { return scenario::read_calibration(file); });
    const Words words{"--platform=" + file};
    const auto invocation = taken([&] { return scenario::parse(words); });
    if (!calibration || !invocation) return;
    scenario::changed_since_calibration(invocation->config, *calibration);
    accepts([&] { scenario::require_calibrated_model(invocation->config); });
    require_command_line(invocation->config);
}

}  // namespace lockstep::fuzz
