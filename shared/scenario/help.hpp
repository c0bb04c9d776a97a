#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenario/options/options.hpp"

namespace lockstep::scenario {

/// The text of `--help`: the usage line, a section for each group with every option's meaning, allowed values
/// and default but those of `hidden` keys, and a section `extra_title` for the extra options. At most 100
/// columns. What it says about scenario files is left out where there are no groups.
std::string help(std::string_view usage, std::span<const Group> groups = all_groups,
                 std::span<const ExtraOption> extra = {}, std::string_view extra_title = "This program",
                 std::span<const std::string_view> hidden = {});

}  // namespace lockstep::scenario
