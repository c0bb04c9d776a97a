// The vector is cut into p chunks. Reduce-scatter: in step s = 0 .. p-2 rank i sends chunk i - s to its
// right neighbour and adds the chunk i - s - 1 that it receives from the left one to its own; then rank i
// holds the finished chunk i + 1. Allgather: the finished chunks travel p - 1 further steps around the ring.
//
// On 3 ranks with chunks x0 x1 x2 (letters a, b, c for the rank of origin):
//   step 0:  0 sends a0, 1 sends b1, 2 sends c2     rank 0: c2+a2   rank 1: a0+b0    rank 2: b1+c1
//   step 1:  each passes on what it has just added  rank 0: sum of chunk 1, 1: of chunk 2, 2: of chunk 0
//   steps 2, 3: finished chunks go round
//
// Chunk k covers [k n / p, (k+1) n / p): lengths differ by one at most and are 0 for some where n < p; empty
// chunks are sent all the same, so the message count depends on p alone. No deadlock: each step is a send and
// a receive at once.
#include "comm/collectives/allreduce.hpp"
#include "comm/collectives/reduction.hpp"

namespace lockstep::comm {

void allreduce_ring(const Group& group, std::span<float> vector, std::span<float> scratch) {
    require_scratch("allreduce_ring", vector, scratch);
    const std::size_t size = group.size();
    const std::size_t rank = group.rank();
    const std::size_t right = (rank + 1) % size;
    const std::size_t left = (rank + size - 1) % size;
    const auto chunk = [&](std::size_t index) {
        const std::size_t k = index % size;
        const std::size_t begin = k * vector.size() / size;
        return vector.subspan(begin, (k + 1) * vector.size() / size - begin);
    };
    for (std::size_t step = 0; step + 1 < size; ++step) {
        const auto own = chunk(rank + 2 * size - step - 1);
        const auto incoming = scratch.first(own.size());
        group.send_receive(chunk(rank + size - step), right, incoming, left);
        add_charged(own, incoming);
    }
    for (std::size_t step = 0; step + 1 < size; ++step)
        group.send_receive(chunk(rank + 1 + size - step), right, chunk(rank + size - step), left);
}

}  // namespace lockstep::comm
