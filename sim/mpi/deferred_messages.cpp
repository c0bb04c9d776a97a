#include "sim/mpi/deferred_messages.hpp"

#include "comm/mpi/mpi_error.hpp"

namespace lockstep::sim {

void DeferredMessages::start_all(Require require) {
    for (Made& made : made_) {
        if (made.destination) require(*made.destination);
        comm::check(MPI_Start(&made.request), "MPI_Start");
    }
    made_.clear();
}

}  // namespace lockstep::sim
