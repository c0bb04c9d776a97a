#pragma once

#include <csignal>

#include <sys/types.h>

namespace lockstep::base {

/// Has this process get `signal` when `parent`, which started it and has one thread only, is gone, or where
/// it has just gone: it does not outlive it.
void end_with_parent(pid_t parent, int signal = SIGKILL);

}  // namespace lockstep::base
