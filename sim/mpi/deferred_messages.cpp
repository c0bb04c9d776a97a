#include "sim/mpi/deferred_messages.hpp"

#include "comm/mpi/mpi_error.hpp"

namespace lockstep::sim {

void DeferredMessages::start_all() {
    for (MPI_Request& request : made_) comm::check(MPI_Start(&request), "MPI_Start");
    made_.clear();
}

}  // namespace lockstep::sim
