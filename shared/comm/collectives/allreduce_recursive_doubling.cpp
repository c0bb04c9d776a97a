// In the round of distance d = 1, 2, 4 ... the ranks at positions i and i xor d swap their whole partial sums
// and both add. After lg p' rounds everybody has everything. Ranks beyond a power of two fold into a
// neighbour (fold.hpp).
//
// On 3 ranks with values a, b, c: p' = 2, rank 0 folds into rank 1.
//   0 -> 1: rank 1 has b + a;   1 <-> 2: both have (b + a) + c;   1 -> 0: everybody has it.
//
// All ranks get the same bits: the two sides of a swap add the same two numbers, and a + b = b + a also in
// floating point. No deadlock: each swap is a send and a receive at once, with the same partner on both
// sides.
#include "comm/collectives/allreduce.hpp"
#include "comm/collectives/fold.hpp"
#include "comm/collectives/reduction.hpp"

namespace lockstep::comm {

void allreduce_recursive_doubling(const Group& group, std::span<float> vector, std::span<float> scratch) {
    require_scratch("allreduce_recursive_doubling", vector, scratch);
    const Fold fold(group);
    fold.gather(group, vector, scratch);
    if (const auto position = fold.position()) {
        const auto incoming = scratch.first(vector.size());
        for (std::size_t distance = 1; distance < fold.size(); distance *= 2) {
            const std::size_t partner = fold.rank_at(*position ^ distance);
            group.send_receive(vector, partner, incoming, partner);
            add_charged(vector, incoming);
        }
    }
    fold.scatter(group, vector);
}

}  // namespace lockstep::comm
