#pragma once

#include "scenario/config.hpp"

namespace lockstep::sim {

/// Whether this machine has room for the ranks, and whether a platform file is one on which they can run.
/// Call it first of all: it needs no data, and nothing has been written yet.
///
/// A platform file is tried: in a process of its own, where SimGrid may give up as it likes, all of a run's
/// set-up is made and a first message is sent.
///
/// Cost: that of loading the platform file twice. Errors: base::InputError naming the file and SimGrid's
/// complaint where it does not take the file, a host or a link has no speed, or the ranks' hosts are not all
/// connected; base::EnvironmentError where that process was stopped from outside.
void check_platform(const scenario::Config& config);

}  // namespace lockstep::sim
