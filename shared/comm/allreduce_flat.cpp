// Everybody sends to rank 0, which adds in the order of ranks and sends the sum back to each in turn.
//
// On 3 ranks with values a, b, c:  1 -> 0: a + b;  2 -> 0: (a + b) + c;  0 -> 1;  0 -> 2.
// No deadlock: rank 0 serves the ranks in one order, and each other rank has exactly one message each way.
#include "comm/allreduce.hpp"
#include "comm/reduction.hpp"

namespace lockstep::comm {

void allreduce_flat(Communicator& communicator, std::span<float> vector, std::span<float> scratch) {
    if (communicator.rank() != 0) {
        communicator.send(vector, 0);
        communicator.receive(vector, 0);
        return;
    }
    const auto incoming = scratch.first(vector.size());
    for (std::size_t peer = 1; peer < communicator.size(); ++peer) {
        communicator.receive(incoming, peer);
        add_charged(vector, incoming);
    }
    for (std::size_t peer = 1; peer < communicator.size(); ++peer) communicator.send(vector, peer);
}

}  // namespace lockstep::comm
