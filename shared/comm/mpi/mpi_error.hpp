#pragma once

#include <cstddef>

namespace lockstep::comm {

/// Throws base::EnvironmentError naming `call` and MPI's own explanation unless `code` is MPI_SUCCESS.
void check(int code, const char* call);

/// A rank, a number of requests or a length as MPI wants it. Throws base::EnvironmentError where it does not
/// fit.
int mpi_int(std::size_t value);

/// MPI's own any_tag for ours.
int mpi_tag(int tag);

}  // namespace lockstep::comm
