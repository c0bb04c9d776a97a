// Reduce-scatter by recursive halving: at distance d = p'/2, p'/4 ... 1 the ranks at positions i and i xor d
// split the range they both own; each sends the half it gives up and adds the half it receives to the half it
// keeps. Then position i owns one finished piece. Allgather by recursive doubling: the same partners in
// reverse order swap what they own.
//
// On 4 ranks (values a b c d, quarters 0..3 of the vector):
//   d = 2: 0 and 2 swap halves, 1 and 3 too    0: a+c on 0,1   1: b+d on 0,1   2: a+c on 2,3   3: b+d on 2,3
//   d = 1: 0 and 1, 2 and 3                    0: all of 0     1: all of 1     2: all of 2     3: all of 3
//   d = 1, then d = 2: swap back what is finished.
// On 3 ranks rank 0 folds into rank 1 (fold.hpp) and positions 0, 1 do the above.
//
// The range is halved by integer division, so any length works; halves may be empty and are sent all the
// same. No deadlock: each swap is a send and a receive at once.
#include <array>
#include <cassert>
#include <utility>

#include "comm/collectives/allreduce.hpp"
#include "comm/collectives/fold.hpp"
#include "comm/collectives/reduction.hpp"

namespace lockstep::comm {
namespace {

struct Split {
    std::span<float> kept;
    std::span<float> given;
};

/// The owner of the lower half is the one whose position lacks the bit `distance`.
Split halve(std::span<float> range, std::size_t position, std::size_t distance) {
    const std::size_t middle = range.size() / 2;
    const auto lower = range.first(middle);
    const auto upper = range.subspan(middle);
    return (position & distance) == 0 ? Split{lower, upper} : Split{upper, lower};
}

}  // namespace

void allreduce_rabenseifner(const Group& group, std::span<float> vector, std::span<float> scratch) {
    require_scratch("allreduce_rabenseifner", vector, scratch);
    const Fold fold(group);
    fold.gather(group, vector, scratch);
    if (const auto position = fold.position()) {
        std::array<Split, 64> splits;  // one a round, so that the allgather can retrace them
        std::size_t rounds = 0;
        std::span<float> owned = vector;
        for (std::size_t distance = fold.size() / 2; distance > 0; distance /= 2) {
            const Split split = halve(owned, *position, distance);
            const std::size_t partner = fold.rank_at(*position ^ distance);
            const auto incoming = scratch.first(split.kept.size());
            group.send_receive(split.given, partner, incoming, partner);
            add_charged(split.kept, incoming);
            owned = split.kept;
            splits[rounds++] = split;
        }
        for (std::size_t distance = 1; distance < fold.size(); distance *= 2) {
            const Split& split = splits[--rounds];
            const std::size_t partner = fold.rank_at(*position ^ distance);
            group.send_receive(split.kept, partner, split.given, partner);
        }
        assert(rounds == 0);
    }
    fold.scatter(group, vector);
}

}  // namespace lockstep::comm
