#include "sim/deferred_messages.hpp"

#include <algorithm>

namespace lockstep::sim {

void DeferredMessages::start() {
    for (MPI_Request& request : made_) {
        PMPI_Start(&request);
        started_.push_back(request);
    }
    made_.clear();
}

void DeferredMessages::release(MPI_Request& request) {
    const auto found = std::ranges::find(started_, request);
    if (request == MPI_REQUEST_NULL || found == started_.end()) return;
    started_.erase(found);
    PMPI_Request_free(&request);
}

}  // namespace lockstep::sim
