#pragma once

#include <vector>

#include <mpi.h>

namespace lockstep::sim {

/// Sends and receives of one rank whose messages do not move while it computes: a library that makes progress
/// inside its calls only (--overlap-progress) starts them when its rank comes to wait for something.
///
/// They are persistent requests of MPI, since those can be made without being started.
class DeferredMessages {
  public:
    void add(MPI_Request request) { made_.push_back(request); }
    /// The rank is in a call that blocks: what was made starts to move.
    void start() {
        if (!made_.empty()) start_all();
    }

  private:
    void start_all();

    std::vector<MPI_Request> made_;
};

}  // namespace lockstep::sim
