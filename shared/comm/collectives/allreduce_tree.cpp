// Reduce along a binomial tree to rank 0, then broadcast along the same tree.
//
// In the round of distance d = 1, 2, 4 ... a rank whose bit d is set sends its partial sum to rank - d and is
// done; a rank whose bit is not set receives from rank + d, if that exists, and adds. The broadcast runs the
// rounds backwards.
//
// On 3 ranks with values a, b, c:
//   d = 1:  1 -> 0   rank 0 has a + b      (rank 2 has no partner 3)
//   d = 2:  2 -> 0   rank 0 has (a + b) + c
//   d = 2:  0 -> 2,  then d = 1:  0 -> 1   everybody has (a + b) + c
//
// No deadlock: within a round every message has one sender that does nothing else and one receiver that waits
// for it, and rounds are ordered by d on both sides.
#include <bit>

#include "comm/collectives/allreduce.hpp"
#include "comm/collectives/reduction.hpp"

namespace lockstep::comm {

void broadcast(const Group& group, std::span<float> vector) {
    const std::size_t rank = group.rank();
    const std::size_t size = group.size();
    for (std::size_t distance = std::bit_ceil(size) / 2; distance > 0; distance /= 2) {
        if (rank % (2 * distance) == 0) {
            if (rank + distance < size) group.send(vector, rank + distance);
        } else if (rank % (2 * distance) == distance) {
            group.receive(vector, rank - distance);
        }
    }
}

void allreduce_tree(const Group& group, std::span<float> vector, std::span<float> scratch) {
    require_scratch("allreduce_tree", vector, scratch);
    const std::size_t rank = group.rank();
    const std::size_t size = group.size();
    const auto incoming = scratch.first(vector.size());
    for (std::size_t distance = 1; distance < size; distance *= 2) {
        if (rank % (2 * distance) == distance) {
            group.send(vector, rank - distance);
            break;
        }
        if (rank + distance < size) {
            group.receive(incoming, rank + distance);
            add_charged(vector, incoming);
        }
    }
    broadcast(group, vector);
}

}  // namespace lockstep::comm
