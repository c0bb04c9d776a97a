#include "comm/fold.hpp"

#include "comm/reduction.hpp"

namespace lockstep::comm {

void Fold::gather(Communicator& communicator, std::span<float> vector, std::span<float> scratch) const {
    if (!paired()) return;
    if (rank_ % 2 == 0) return communicator.send(vector, rank_ + 1);
    const auto incoming = scratch.first(vector.size());
    communicator.receive(incoming, rank_ - 1);
    add_charged(vector, incoming);
}

void Fold::scatter(Communicator& communicator, std::span<float> vector) const {
    if (!paired()) return;
    if (rank_ % 2 == 0) return communicator.receive(vector, rank_ + 1);
    communicator.send(vector, rank_ - 1);
}

}  // namespace lockstep::comm
