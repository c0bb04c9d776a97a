#pragma once

namespace lockstep::comm {

/// Throws base::EnvironmentError naming `call` and MPI's own explanation unless `code` is MPI_SUCCESS.
void check(int code, const char* call);

}  // namespace lockstep::comm
