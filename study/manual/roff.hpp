#pragma once

#include <string>

#include "study/manual/page.hpp"

namespace lockstep::study {

/// lockstep(1): what there is, in the macros of man(7).
std::string overview_page();

/// lockstep-COMMAND(1), likewise: synopsis, every key with its meaning, allowed values and default, exit
/// status.
std::string command_page(const CommandPage& page);

}  // namespace lockstep::study
