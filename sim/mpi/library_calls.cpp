#include "sim/mpi/library_calls.hpp"

#include "sim/platform/pair_queues.hpp"

namespace lockstep::sim {

void enter_library(Rank& rank) {
    if (rank.in_library) return;
    rank.in_library = true;
    rank.world.queues->enter(*simgrid::s4u::this_actor::get_host());
}

void leave_library(Rank& rank) {
    if (!rank.in_library) return;
    rank.in_library = false;
    rank.world.queues->leave(*simgrid::s4u::this_actor::get_host());
}

}  // namespace lockstep::sim
