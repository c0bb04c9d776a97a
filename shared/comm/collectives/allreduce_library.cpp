// MPI's own allreduce: whatever algorithm and order of additions the library chooses.
#include "comm/collectives/allreduce.hpp"

namespace lockstep::comm {

void allreduce_library(const Group& group, std::span<float> vector, std::span<float> /*scratch*/) {
    group.communicator().library_allreduce(vector);
}

}  // namespace lockstep::comm
