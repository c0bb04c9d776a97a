// Everybody sends to rank 0, which adds in the order of ranks and sends the sum back to each in turn.
//
// On 3 ranks with values a, b, c:  1 -> 0: a + b;  2 -> 0: (a + b) + c;  0 -> 1;  0 -> 2.
// No deadlock: rank 0 serves the ranks in one order, and each other rank has exactly one message each way.
#include "comm/collectives/allreduce.hpp"
#include "comm/collectives/reduction.hpp"

namespace lockstep::comm {

void allreduce_flat(const Group& group, std::span<float> vector, std::span<float> scratch) {
    require_scratch("allreduce_flat", vector, scratch);
    if (group.rank() != 0) {
        group.send(vector, 0);
        group.receive(vector, 0);
        return;
    }
    const auto incoming = scratch.first(vector.size());
    for (std::size_t peer = 1; peer < group.size(); ++peer) {
        group.receive(incoming, peer);
        add_charged(vector, incoming);
    }
    for (std::size_t peer = 1; peer < group.size(); ++peer) group.send(vector, peer);
}

}  // namespace lockstep::comm
