#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/options/kinds.hpp"
#include "scenario/world.hpp"

namespace lockstep::scenario {

enum class Group {
    method,
    exchange,
    data,
    model,
    training,
    measures,
    processors,
    slowness,
    emulation,
    network,
    simulation,
    output
};
inline constexpr std::array all_groups{Group::method,    Group::exchange, Group::data,       Group::model,
                                       Group::training,  Group::measures, Group::processors, Group::slowness,
                                       Group::emulation, Group::network,  Group::simulation, Group::output};
std::string_view title(Group group);
/// Whether the group's keys describe a platform: the simulated one, or processors emulated in the real world.
bool is_about_platform(Group group);

/// One key of Config. The one table of them is the source of the command line, INI files, help texts,
/// messages, and the `config` of results.
struct Option {
    std::string_view key;  ///< without dashes in front: `lr-decay`
    Group group;
    Kind kind;
    std::string_view help;
};

/// Whether a run in that world has any use for the key: real runs take links as they are, and processors
/// unless --emulate-speed or --speeds asks for slower ones.
bool has_use_for(const Option& option, World world, const Config& config);

/// Every option, in the order in which they are listed to users.
std::span<const Option> options();

/// Null where there is none of that key.
const Option* find_option(std::string_view key);

/// The text that stands for the default, rendered from Config{}; empty where nothing is the default.
std::string default_text(const Option& option);

/// A key that only one front end has; its value is a string to the others.
struct ExtraOption {
    std::string key;
    std::string placeholder;
    std::string default_value;
    std::string help;
    bool is_repeatable = false;             ///< values are joined by line ends
    std::string value_where_alone = {};     ///< what `--key` without a value stands for; empty: it needs one
    std::vector<std::string> choices = {};  ///< every allowed value where these are names, else empty
};

}  // namespace lockstep::scenario
