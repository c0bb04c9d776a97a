#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/config.hpp"
#include "scenario/options/options.hpp"

namespace lockstep::scenario {

/// What a user asked for.
struct Invocation {
    Config config;
    bool help = false;     ///< `--help` or `-h`: nothing else was looked at
    bool version = false;  ///< `--version`: nothing else was looked at
    std::string file;      ///< the INI file, or empty
    std::vector<std::string> command_line_keys;
    std::vector<std::string> file_keys;
    std::map<std::string, std::string> extra;  ///< every extra option, given or default

    bool given_on_command_line(std::string_view key) const;
    bool given_in_file(std::string_view key) const;
};

/// Reads `[SCENARIO.ini] [--key value | --key=value ...]`; the command line wins over the file. Every value
/// is within its option's own range afterwards; validate() checks what depends on several.
///
/// `extra` are keys of one command, on the command line and in the file, with string values. A file may also
/// hold any key of front_end_options(), which is ignored where it is not in `extra`.
/// Where --platform names a calibration, its settings stand in for what neither source gives, but not in the
/// real world, which is as it is.
/// Throws InputError, with one message, for: a key that is unknown (naming the nearest known one) or given
/// twice, a missing value, a value that the option does not allow, a second file, a file that is missing or
/// malformed.
Invocation parse(std::span<const std::string> arguments, std::span<const ExtraOption> extra = {},
                 World world = World::simulated);

/// A command line that parse() reads back to the same run: the keys that apply to it (see applicability.hpp)
/// and whose value is not the default, where that world has any use for them.
std::vector<std::string> to_arguments(const Config& config, World world);

/// The arguments without these keys and their values, in both spellings.
std::vector<std::string> without_keys(std::span<const std::string> arguments,
                                      std::span<const std::string> keys);

}  // namespace lockstep::scenario
