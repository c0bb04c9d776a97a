#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "option/kind.hpp"
#include "option/lists.hpp"
#include "option/quantity.hpp"
#include "option/suggest.hpp"
#include "option/values.hpp"
#include "scenario/config.hpp"
#include "scenario/world.hpp"

namespace lockstep::scenario {

using option::joined;
using option::Quantity;
using option::render_quantity;
using option::split_list;
using Kind = option::Kind<Config>;

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
    real_runs,
    output
};
inline constexpr std::array all_groups{Group::method,    Group::exchange, Group::data,       Group::model,
                                       Group::training,  Group::measures, Group::processors, Group::slowness,
                                       Group::emulation, Group::network,  Group::simulation, Group::real_runs,
                                       Group::output};
std::string_view title(Group group);
/// Whether the group's keys describe a platform: the simulated one, or processors emulated in the real world.
bool is_about_platform(Group group);

/// Whether the group's keys change nothing of what a run learns and measures.
bool decides_nothing(Group group);

/// One key of Config. The one table of them is the source of the command line, INI files, help texts,
/// messages, and the `config` of results.
struct Option {
    std::string_view key;  ///< without dashes in front: `lr-decay`
    Group group;
    Kind kind;
    std::string help;
};

/// The parts of the table options().
std::vector<Option> run_options();
std::vector<Option> data_options();
std::vector<Option> model_options();
std::vector<Option> training_options();
std::vector<Option> measure_options();
std::vector<Option> processor_options();
std::vector<Option> network_options();
std::vector<Option> message_options();
std::vector<Option> simulation_options();
std::vector<Option> output_options();

/// Whether a run in that world has any use for the key: real runs take links as they are, and processors
/// unless --emulate-speed or --speeds asks for slower ones.
bool has_use_for(const Option& option, World world, const Config& config);

/// Every option, in the order in which they are listed to users.
std::span<const Option> options();

/// Null where there is none of that key.
const Option* find_option(std::string_view key);

/// The text that stands for the default, rendered from Config{}; empty where nothing is the default.
std::string default_text(const Option& option);

/// The unit for all values from `low` to `high`, as a user wrote these: that of `low`, or of `high` where
/// `low` is 0. Empty where they are no quantities, or counts without a prefix.
std::string_view unit_of_range(const Kind& kind, std::string_view low, std::string_view high);

/// How large a unit of quantities of this kind is, in base units; 1 where it has none of that name.
double size_of_unit(const Kind& kind, std::string_view unit);

/// The value of a key that has numbers, to `digits` significant digits in a unit of it, which is what to set
/// where the text is to say what is used: 58019949.1 B/s is to 6 digits `464.16Mbps`. Keys without units:
/// as their kind renders them, all digits.
std::string text_in_unit(const Kind& kind, const Config& config, std::string_view unit, int digits);

/// What a user wrote, with its unit, without needless digits: `01.50ms` is `1.5ms`. What is no quantity: as
/// the kind renders it.
std::string text_as_given(const Kind& kind, const Config& config, std::string_view given);

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
