#pragma once

#include "base/error.hpp"
#include "comm/communicator.hpp"
#include "scenario/parse.hpp"

namespace lockstep::real {

/// One run, from the problem to the result, which rank 0 delivers; with --checkpoint from the last of its
/// checkpoints on. Returns whether it came to its end, or was interrupted. Collective. Errors:
/// comm::AgreedError of what all ranks find wrong; those of run::train, on the rank that has them.
base::ExitStatus run_training(comm::Communicator& everybody, const scenario::Invocation& invocation);

}  // namespace lockstep::real
