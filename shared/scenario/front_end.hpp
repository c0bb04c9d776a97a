#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "scenario/options/options.hpp"

namespace lockstep::scenario {

/// The keys of the front end `lockstep` alone. Every program accepts them in a scenario file, so that one
/// file serves all programs; on the command line only the commands that use them do.
std::span<const ExtraOption> front_end_options();

/// Those of these keys, for parse() and help(). Every key must be one of them.
std::vector<ExtraOption> front_end_options(std::initializer_list<std::string_view> keys);

}  // namespace lockstep::scenario
