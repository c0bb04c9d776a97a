// In step s = 0 .. p-2 every rank sends to its right neighbour what it got last, its own words at first: rank
// i sends those of rank i - s and receives those of rank i - s - 1.
//
// On 3 ranks with words a, b, c:
//   start:   rank 0: a . .   rank 1: . b .   rank 2: . . c
//   step 0:  0 sends a, 1 sends b, 2 sends c    rank 0: a . c   rank 1: a b .   rank 2: . b c
//   step 1:  0 sends c, 1 sends a, 2 sends b    everybody has a b c
//
// No deadlock: each step is a send and a receive at once.
#include "comm/collectives/allgather.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "backend/backend.hpp"
#include "base/error.hpp"

namespace lockstep::comm {

void allgather(const Group& group, std::span<const float> own, std::span<float> all) {
    assert(group.travels_as_float32());
    const std::size_t size = group.size();
    const std::size_t rank = group.rank();
    if (all.size() != size * own.size())
        throw base::InputError("allgather: all", fmt::format("{} values", all.size()),
                               fmt::format("{} from each of {} ranks", own.size(), size));
    const auto part = [&](std::size_t index) { return all.subspan(index % size * own.size(), own.size()); };
    if (backend::arithmetic_is_real()) std::ranges::copy(own, part(rank).begin());
    for (std::size_t step = 0; step + 1 < size; ++step)
        group.send_receive(part(rank + size - step), (rank + 1) % size, part(rank + 2 * size - step - 1),
                           (rank + size - 1) % size);
}

}  // namespace lockstep::comm
