#pragma once

#include "scenario/parse.hpp"
#include "study/manual/page.hpp"

namespace lockstep::study {

/// Whether the user asked for the help or the version in place of a run; prints that. See scenario::help().
bool show_text_asked_for(const scenario::Invocation& invocation, const CommandPage& page);

}  // namespace lockstep::study
