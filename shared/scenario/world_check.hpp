#pragma once

#include "scenario/parse.hpp"

namespace lockstep::scenario {

/// For runs in the real world: refuses what only a simulation can do, which is timing alone and processors
/// faster than the machine's, and, where given on the command line, what describes a platform to simulate.
/// Throws InputError.
void require_real_world(const Invocation& invocation);

/// For simulated runs: refuses, where given on the command line, what only a real run has a use for. Throws
/// InputError.
void require_simulated_world(const Invocation& invocation);

}  // namespace lockstep::scenario
