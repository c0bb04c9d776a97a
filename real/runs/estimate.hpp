#pragma once

#include "comm/communicator.hpp"
#include "scenario/parse.hpp"

namespace lockstep::real {

/// Rehearses a run and prints, on rank 0, what the whole will take. Collective. Errors: comm::AgreedError of
/// what all ranks find wrong; those of run::train, on the rank that has them.
void run_estimate(comm::Communicator& everybody, const scenario::Invocation& invocation);

}  // namespace lockstep::real
