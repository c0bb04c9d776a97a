#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/options/options.hpp"

namespace lockstep::study {

/// What stands between a command's name and its keys.
enum class Operands { scenario_file, checkpoint_folder, run_folders, table_file, command_name, shell };

/// What a command takes: the one source of its help text, man page and shell completion.
struct CommandPage {
    std::string_view name;
    std::string_view operands;  ///< as in a synopsis: `[SCENARIO.ini] [--key value ...]`
    std::string_view about;     ///< one line, lower case
    Operands takes = Operands::scenario_file;
    std::string_view keys_title;
    std::vector<scenario::ExtraOption> keys;  ///< its own

    /// Whether a scenario file and every key of a run are the command's too.
    bool has_scenario() const { return takes == Operands::scenario_file; }
    /// Whether every key of a run may be given.
    bool takes_run_keys() const { return has_scenario() || takes == Operands::checkpoint_folder; }
    /// The groups of a scenario's keys.
    std::span<const scenario::Group> groups() const;
    /// `lockstep sim [SCENARIO.ini] [--key value ...]: one run in the simulated world`
    std::string usage() const;
};

/// Every command's, in the order in which they are listed to users.
std::span<const CommandPage> pages();

/// The command must be one of them.
const CommandPage& page_of(std::string_view command);

}  // namespace lockstep::study
