// The ring of allreduce_ring.cpp as a program that can be left between its steps: what is sent, received and
// added in each step is written there.
//
// No deadlock: each rank has started its send and its receive of a step before it waits for either, and all
// ranks go through the same steps of the same rings in the same order.
#include "comm/collectives/stepwise_ring.hpp"

#include "comm/collectives/reduction.hpp"

namespace lockstep::comm {

StepwiseRing::StepwiseRing(const Group& group, std::span<float> vector, std::span<float> scratch)
    : group_(group), vector_(vector), scratch_(scratch) {
    if (!is_done()) start_step();
}

std::span<float> StepwiseRing::chunk(std::size_t index) const {
    const std::size_t size = group_.size();
    const std::size_t k = index % size;
    const std::size_t begin = k * vector_.size() / size;
    return vector_.subspan(begin, (k + 1) * vector_.size() / size - begin);
}

std::span<float> StepwiseRing::target() const {
    return chunk(group_.rank() + 2 * group_.size() - step_ - 1);
}

void StepwiseRing::start_step() {
    const std::size_t size = group_.size();
    const std::span<float> incoming = reduces() ? scratch_.first(target().size()) : target();
    messages_[0] = group_.start_send(chunk(group_.rank() + 2 * size - step_), (group_.rank() + 1) % size);
    messages_[1] = group_.start_receive(incoming, (group_.rank() + size - 1) % size);
}

void StepwiseRing::complete_step() {
    if (reduces()) add_charged(target(), scratch_.first(target().size()));
    ++step_;
    if (!is_done()) start_step();
}

bool StepwiseRing::advance() {
    while (!is_done()) {
        for (Request& message : messages_)
            if (!group_.communicator().has_finished(message)) return false;
        complete_step();
    }
    return true;
}

void StepwiseRing::finish() {
    while (!is_done()) {
        for (Request& message : messages_) group_.communicator().wait(message);
        complete_step();
    }
}

}  // namespace lockstep::comm
