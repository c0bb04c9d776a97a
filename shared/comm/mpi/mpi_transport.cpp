#include "comm/mpi/mpi_transport.hpp"

#include "comm/mpi/over_mpi.hpp"

namespace lockstep::comm {

std::unique_ptr<Transport> duplicate_world() {
    return std::make_unique<MpiTransport>(MPI_COMM_WORLD);
}

}  // namespace lockstep::comm
