#pragma once

#include <span>
#include <string_view>

#include "scenario/options/options.hpp"
#include "scenario/parse.hpp"

namespace lockstep::study {

/// Whether the user asked for the help or the version in place of a run; prints that. See scenario::help().
bool show_text_asked_for(const scenario::Invocation& invocation, std::string_view usage,
                         std::span<const scenario::ExtraOption> extra = {},
                         std::string_view extra_title = {});

}  // namespace lockstep::study
