#pragma once

#include <memory>

#include "comm/transport.hpp"
#include "sim/world.hpp"

namespace lockstep::sim {

/// The transport of a simulated rank, which must outlive it. Collective over all ranks, between MPI_Init and
/// MPI_Finalize.
///
/// It differs from one over MPI in three ways. It tells when the rank is in a call (see enter_library). A
/// message to a host that went off, or a collective with one, throws simgrid::NetworkFailureException: the
/// engine would not survive it. And time is that of now_s(World).
std::unique_ptr<comm::Transport> make_transport(Rank& rank);

}  // namespace lockstep::sim
