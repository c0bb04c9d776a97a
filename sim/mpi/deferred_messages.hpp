#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <mpi.h>

#include "base/function_ref.hpp"

namespace lockstep::sim {

/// Sends and receives of one rank whose messages do not move while it computes: a library that makes progress
/// inside its calls only (--overlap-progress) starts them when its rank comes to wait for something.
///
/// They are persistent requests of MPI, since those can be made without being started.
class DeferredMessages {
  public:
    /// Throws where a message to that rank must not be started any more.
    using Require = base::FunctionRef<void(std::size_t destination)>;

    /// `destination` is that of a send.
    void add(MPI_Request request, std::optional<std::size_t> destination) {
        made_.push_back({request, destination});
    }
    /// The rank is in a call that blocks: what was made starts to move. Throws what `require` does.
    void start(Require require) {
        if (!made_.empty()) start_all(require);
    }

  private:
    struct Made {
        MPI_Request request;
        std::optional<std::size_t> destination;
    };

    void start_all(Require require);

    std::vector<Made> made_;
};

}  // namespace lockstep::sim
