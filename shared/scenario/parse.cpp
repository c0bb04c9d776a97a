#include "scenario/parse.hpp"

#include <algorithm>
#include <cassert>

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/terminal.hpp"
#include "option/suggest.hpp"
#include "scenario/applicability.hpp"
#include "scenario/calibration_file.hpp"
#include "scenario/front_end.hpp"
#include "scenario/ini.hpp"

namespace lockstep::scenario {
namespace {

namespace po = boost::program_options;
using base::InputError;

struct CommandLine {
    std::vector<IniEntry> entries;  ///< line 0
    std::vector<std::string> files;
    bool help = false;
    bool version = false;
};

[[noreturn]] void refuse_unknown(std::string_view subject, std::string_view key, std::string_view dashes,
                                 std::span<const ExtraOption> extra) {
    std::vector<std::string_view> keys;
    for (const Option& option : options()) keys.push_back(option.key);
    for (const ExtraOption& option : extra) keys.push_back(option.key);
    const std::string_view meant = option::nearest(key, keys);
    throw InputError(meant.empty()
                         ? fmt::format("{}: unknown option; --help lists all", subject)
                         : fmt::format("{}: unknown option; did you mean {}{}?", subject, dashes, meant));
}

[[noreturn]] void refuse_missing_value(std::string_view key) {
    const Option* option = find_option(key);
    throw InputError(fmt::format("--{0}: the value is missing; allowed: {1}; write --{0} VALUE", key,
                                 option == nullptr ? "any text" : option->kind.allowed));
}

po::options_description known_options(std::span<const ExtraOption> extra) {
    po::options_description known;
    const auto add = [&](std::string_view key) {
        known.add_options()(std::string(key).c_str(), po::value<std::string>());
    };
    for (const Option& option : options()) add(option.key);
    for (const ExtraOption& option : extra) {
        assert(find_option(option.key) == nullptr);
        auto* value = po::value<std::string>();
        if (!option.value_where_alone.empty()) value->implicit_value(option.value_where_alone);
        known.add_options()(option.key.c_str(), value);
    }
    known.add_options()("help", "")("version", "");
    return known;
}

/// `--key=` is an empty value, which Boost's own parser refuses.
std::vector<po::option> empty_value(std::vector<std::string>& tokens) {
    const std::string token = tokens.front();
    if (!token.starts_with("--") || token.find('=') != token.size() - 1) return {};
    tokens.erase(tokens.begin());
    po::option option(token.substr(2, token.size() - 3), {""});
    option.original_tokens = {token};
    return {option};
}

/// `key` of `--key` and of `--key=value`.
std::string bare(const std::string& token) {
    const std::size_t start = std::min(token.find_first_not_of('-'), token.size());
    return token.substr(start, token.find('=') - start);
}

std::vector<po::option> tokenise(std::span<const std::string> arguments, std::span<const ExtraOption> extra) {
    using Style = po::command_line_style::style_t;
    const po::options_description known = known_options(extra);
    try {
        return po::command_line_parser(std::vector<std::string>(arguments.begin(), arguments.end()))
            .options(known)
            .style(Style::allow_long | Style::long_allow_next | Style::long_allow_adjacent)
            .extra_style_parser(empty_value)
            .run()
            .options;
    } catch (const po::unknown_option& unknown) {
        const std::string key = bare(unknown.get_option_name());
        refuse_unknown("--" + base::shortened(key), key, "--", extra);
    } catch (const po::invalid_command_line_syntax& syntax) {
        const std::string key = bare(syntax.get_option_name());
        if (syntax.kind() != po::invalid_syntax::extra_parameter) refuse_missing_value(key);
        throw InputError(fmt::format("--{}: takes no value", key));
    }
}

/// Whether the word after `--key` opens the next option, so that the key's value is missing. No value of
/// Config begins with two dashes; one of a front end's own keys may, but is then no key that there is.
bool is_next_key(std::string_view key, const std::string& word, std::span<const ExtraOption> extra) {
    if (!word.starts_with("--")) return false;
    const std::string next = bare(word);
    return find_option(key) != nullptr || find_option(next) != nullptr ||
           std::ranges::find(extra, next, &ExtraOption::key) != extra.end();
}

/// What `--key` without a value stands for.
std::string alone_value(const std::string& key, std::span<const ExtraOption> extra) {
    const auto found = std::ranges::find(extra, key, &ExtraOption::key);
    assert(found != extra.end());
    return found->value_where_alone;
}

CommandLine read_command_line(std::span<const std::string> arguments, std::span<const ExtraOption> extra) {
    CommandLine line;
    const auto has_no_key = [](const std::string& word) { return word == "--" || word.starts_with("--="); };
    if (std::ranges::any_of(arguments, has_no_key))
        throw InputError("--: the key is missing; options are written --key value");
    for (const po::option& option : tokenise(arguments, extra)) {
        const std::string& key = option.string_key;
        if (key == "help" || (option.position_key >= 0 && option.value.front() == "-h")) {
            line.help = true;
        } else if (key == "version") {
            line.version = true;
        } else if (option.position_key < 0) {
            if (option.value.empty()) {
                line.entries.push_back({key, alone_value(key, extra), 0});
                continue;
            }
            const std::string& value = option.value.front();
            if (option.original_tokens.size() == 2 && is_next_key(key, value, extra))
                refuse_missing_value(key);
            line.entries.push_back({key, value, 0});
        } else if (const std::string& word = option.value.front(); word.starts_with("-")) {
            refuse_unknown(base::shortened(word), bare(word), "--", extra);
        } else if (word.empty()) {
            throw InputError("scenario file", word, "the name of an INI file", "name it or leave it away");
        } else {
            line.files.push_back(word);
        }
    }
    return line;
}

/// Enters values into an invocation, in order; each key once per source, but for those that may be repeated,
/// whose values are joined. The command line's replace the file's.
class Entering {
  public:
    Entering(Invocation& invocation, std::span<const ExtraOption> extra)
        : invocation_(invocation), extra_(extra) {
        for (const ExtraOption& option : extra) invocation_.extra[option.key] = option.default_value;
    }

    void file(const std::string& name) {
        invocation_.file = name;
        std::vector<Given> given;
        for (const IniEntry& entry : read_ini(name, base::read_file(name, base::most_of_settings))) {
            const std::string subject =
                fmt::format("{}:{}: {}", name, entry.line, base::shortened(entry.key));
            if (!is_known(entry.key)) refuse_unknown(subject, entry.key, "", front_end_options());
            add(given, entry, subject);
        }
        enter(given, invocation_.file_keys);
    }

    void command_line(const std::vector<IniEntry>& entries) {
        std::vector<Given> given;
        for (const IniEntry& entry : entries) add(given, entry, "--" + entry.key);
        enter(given, invocation_.command_line_keys);
    }

  private:
    /// A key of one source with all of its values.
    struct Given {
        std::string key;
        std::string value;
        std::string subject;
        std::size_t line;
    };

    bool is_known(const std::string& key) const {
        return find_option(key) != nullptr || invocation_.extra.contains(key) ||
               std::ranges::find(front_end_options(), key, &ExtraOption::key) != front_end_options().end();
    }

    /// What joins the values of a repeated key; nothing where it must not be repeated.
    std::string_view separator(const std::string& key) const {
        if (const Option* option = find_option(key)) return option->kind.is_repeatable ? ";" : "";
        for (const auto options : {extra_, front_end_options()})
            if (const auto found = std::ranges::find(options, key, &ExtraOption::key); found != options.end())
                return found->is_repeatable ? "\n" : "";
        return "";
    }

    void add(std::vector<Given>& given, const IniEntry& entry, const std::string& subject) const {
        const auto earlier = std::ranges::find(given, entry.key, &Given::key);
        if (earlier == given.end()) {
            given.push_back({entry.key, entry.value, subject, entry.line});
            return;
        }
        const std::string_view joint = separator(entry.key);
        if (joint.empty() && entry.line > 0)
            throw InputError(
                fmt::format("{}: given twice, first in line {}; remove one", subject, earlier->line));
        if (joint.empty()) throw InputError(fmt::format("{}: given twice; remove one", subject));
        earlier->value += fmt::format("{}{}", joint, entry.value);
    }

    void enter(const std::vector<Given>& all, std::vector<std::string>& keys) {
        for (const Given& given : all) {
            if (const Option* option = find_option(given.key))
                option->kind.set(invocation_.config, given.subject, given.value);
            else if (const auto extra = invocation_.extra.find(given.key); extra != invocation_.extra.end())
                extra->second = given.value;
            keys.push_back(given.key);
        }
    }

    Invocation& invocation_;
    std::span<const ExtraOption> extra_;
};

/// Everything that a calibration says and the user does not.
void enter_calibration(Invocation& invocation) {
    Config& config = invocation.config;
    if (!is_calibrated(config)) return;
    const CalibrationFile calibration = read_calibrations(config);
    const auto is_given = [&](std::string_view key) {
        return invocation.given_on_command_line(key) || invocation.given_in_file(key);
    };
    const std::string subject = fmt::format("--platform {}: ", config.platform);
    for (const auto& [key, value] : calibration.settings)
        if (const Option* option = find_option(key); option != nullptr && !is_given(key))
            option->kind.set(config, subject + key, value);
    if (calibration.model.empty() && !is_given("speed") && !is_given("speeds"))
        throw InputError(subject +
                         "it is of a network alone; add one of steps (lockstep calibrate --steps-only, "
                         "--platform NETWORK.json,STEPS.json), or give --speed");
    if (calibration.worker_speeds_flops.empty() || is_given("speeds") || is_given("speed")) return;
    if (calibration.worker_speeds_flops.size() != config.workers)
        throw InputError(subject + fmt::format("its {} workers differ in speed, and this run has {}; give "
                                               "--speed or --speeds",
                                               calibration.worker_speeds_flops.size(), config.workers));
    config.speeds_flops = calibration.worker_speeds_flops;
}

}  // namespace

bool Invocation::given_on_command_line(std::string_view key) const {
    return std::ranges::find(command_line_keys, key) != command_line_keys.end();
}

bool Invocation::given_in_file(std::string_view key) const {
    return std::ranges::find(file_keys, key) != file_keys.end();
}

Invocation parse(std::span<const std::string> arguments, std::span<const ExtraOption> extra, World world) {
    const CommandLine line = read_command_line(arguments, extra);
    Invocation invocation;
    invocation.help = line.help;
    invocation.version = line.version;
    if (line.help || line.version) return invocation;
    if (line.files.size() > 1)
        throw InputError("scenario file", fmt::format("{} {}", line.files[0], line.files[1]),
                         "at most one INI file", "options are written --key value");
    Entering entering(invocation, extra);
    if (!line.files.empty()) entering.file(line.files.front());
    entering.command_line(line.entries);
    if (world == World::simulated) enter_calibration(invocation);
    return invocation;
}

std::vector<std::string> to_arguments(const Config& config, World world) {
    std::vector<std::string> arguments;
    for (const Option& option : options()) {
        if (!has_use_for(option, world, config)) continue;
        const std::string value = option.kind.get(config);
        // Next to a calibration a default is not what leaving the key out means.
        const bool may_be_left_out =
            world == World::real || !is_calibrated(config) || !is_about_platform(option.group);
        if ((may_be_left_out && value == default_text(option)) || !applies(option.key, config)) continue;
        arguments.push_back(fmt::format("--{}={}", option.key, value));
    }
    return arguments;
}

std::vector<std::string> without_keys(std::span<const std::string> arguments,
                                      std::span<const std::string> keys) {
    std::vector<std::string> rest;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        const std::string_view key = std::string_view(word).substr(0, word.find('='));
        const bool is_left_out =
            key.starts_with("--") && std::ranges::find(keys, key.substr(2)) != keys.end();
        if (!is_left_out)
            rest.push_back(word);
        else if (key.size() == word.size())
            ++i;
    }
    return rest;
}

}  // namespace lockstep::scenario
