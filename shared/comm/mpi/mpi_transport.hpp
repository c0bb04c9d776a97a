#pragma once

#include <memory>

#include "comm/transport.hpp"

namespace lockstep::comm {

/// A transport over a private duplicate of MPI's world, so that no message of ours can meet one of somebody
/// else's: for programs that need not see mpi.h. Collective over all ranks, between MPI_Init and
/// MPI_Finalize, before which it must end.
std::unique_ptr<Transport> duplicate_world();

}  // namespace lockstep::comm
