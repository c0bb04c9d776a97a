#pragma once

#include <cstddef>
#include <exception>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/program.hpp"
#include "base/error.hpp"
#include "scenario/config.hpp"
#include "scenario/world.hpp"

namespace lockstep {

/// What the command line of a program says.
struct CommandLine {
    std::map<std::string, std::string> own;  ///< every option of the program, given or default
    scenario::Platform platform;
    std::size_t ranks = 1;            ///< simulated only
    std::optional<std::string> text;  ///< asked for by --help or --version: nothing else was looked at
};

/// Reads `[SCENARIO.ini] [--key value | --key=value ...]`. Of a scenario file only the keys of the platform
/// count. In the real world `ranks` is how many there are; in the simulated one `--ranks` says so. Throws
/// base::InputError: see scenario::parse.
CommandLine read_command_line(const Program& program, std::span<const std::string> words,
                              scenario::World world, std::size_t ranks = 1);

/// What simulates or emulates such a platform; checked. Throws base::InputError.
scenario::Config config_of(const scenario::Platform& platform, std::size_t ranks);

/// For an error that one rank has thrown: `rank R: MESSAGE`, as what it was.
base::Error error_of_rank(std::size_t rank, const std::exception& error);

}  // namespace lockstep
