#pragma once

#include "scenario/config.hpp"
#include "scenario/parse.hpp"

namespace lockstep::scenario {

/// Everything that can be checked without data: every option's own range; serial has one worker; as many
/// speeds as workers; the platform file is readable; the folders for output and for the data cache can be
/// written. Throws InputError.
void validate(const Config& config);

/// validate(config), and no key was given that has no effect on this run, which would silently be ignored.
/// Keys of the INI file are exempt, since one file serves runs of several methods (see `lockstep table`),
/// except those of the generated platform next to `platform` in the same file.
void validate(const Invocation& invocation);

/// For runs in the real world: refuses what only a simulation can do, which is timing alone, and, where given
/// on the command line, a platform to simulate. Throws InputError.
void require_real_world(const Invocation& invocation);

}  // namespace lockstep::scenario
