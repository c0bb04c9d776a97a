#pragma once

#include "base/function_ref.hpp"
#include "scenario/config.hpp"
#include "scenario/parse.hpp"

namespace lockstep::scenario {

/// Everything that can be checked without data: every option's own range; what the method checks; as many
/// speeds as workers; the platform file is readable; the folders for output and for the data cache can be
/// written. Throws InputError.
void validate(const Config& config);

/// validate(config), and no key was given that has no effect on this run, which would silently be ignored.
/// Keys of the INI file are exempt, since one file serves runs of several methods (see `lockstep table`),
/// except those of the generated platform next to `platform` in the same file. Errors as naming_file().
void validate(const Invocation& invocation);

/// Calls `check`. Where it throws an InputError about a key that only the file gives, that names the file:
/// `FILE: key` in place of `--key`.
void naming_file(const Invocation& invocation, base::FunctionRef<void()> check);

/// For a calibration, which several workers may do whatever the method: where none is given, one that they
/// can run together.
void choose_method_for_workers(Invocation& invocation);

}  // namespace lockstep::scenario
