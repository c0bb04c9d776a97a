#include "comm/collectives/fold.hpp"

#include "comm/collectives/reduction.hpp"

namespace lockstep::comm {

void Fold::gather(const Group& group, std::span<float> vector, std::span<float> scratch) const {
    if (!paired()) return;
    if (rank_ % 2 == 0) return group.send(vector, rank_ + 1);
    const auto incoming = scratch.first(vector.size());
    group.receive(incoming, rank_ - 1);
    add_charged(vector, incoming);
}

void Fold::scatter(const Group& group, std::span<float> vector) const {
    if (!paired()) return;
    if (rank_ % 2 == 0) return group.receive(vector, rank_ + 1);
    group.send(vector, rank_ - 1);
}

}  // namespace lockstep::comm
