// On 3 workers with 2 buckets, each half a vector whose upper half is known first: when it is, every worker
// starts the ring of bucket 1 and goes on computing; whenever it looks after messages, it passes on what has
// arrived. When the lower half is known, bucket 0 follows as soon as bucket 1 is complete.
//
// The same bits as one ring for each bucket after the gradient: what overlaps is time, not arithmetic. One
// ring at a time, in the order of buckets: so all ranks send and receive in the same order, and no message
// can be taken for another. No deadlock: finish() completes the rings in that order, blocked only for
// messages that their senders send in the same order.
#include "exchange/synchronous/bucketed_sum.hpp"

#include "backend/backend.hpp"

namespace lockstep::exchange {

BucketedSum::BucketedSum(const Participant& participant, std::size_t buckets)
    : group_(participant.group()),
      buckets_(buckets),
      scratch_(backend::make_buffer(participant.start.size() / group_.size() + 1)) {}

std::span<float> BucketedSum::bucket(std::size_t index) const {
    const std::size_t begin = index * vector_.size() / buckets_;
    return vector_.subspan(begin, (index + 1) * vector_.size() / buckets_ - begin);
}

void BucketedSum::start(std::span<float> vector) {
    vector_ = vector;
    known_from_ = vector_.size();
    left_ = buckets_;
}

bool BucketedSum::may_start_another() const {
    return left_ > 0 && (left_ - 1) * vector_.size() / buckets_ >= known_from_;
}

void BucketedSum::start_next() {
    ring_.reset();
    if (!may_start_another()) return;
    ring_.emplace(group_, bucket(--left_), scratch_);
}

void BucketedSum::known_from(std::size_t first) {
    known_from_ = first;
    meanwhile();
}

void BucketedSum::meanwhile() {
    comm::Communicator& communicator = group_.communicator();
    if (!communicator.moves_while_computing()) return;
    if (!ring_) {
        if (!may_start_another()) return;
        began_s_ = communicator.now_s();
        start_next();
    }
    while (ring_ && ring_->advance()) start_next();
    if (!ring_) communicator.log().hidden(communicator.now_s() - began_s_);
}

void BucketedSum::finish() {
    known_from_ = 0;
    comm::Communicator& communicator = group_.communicator();
    if (ring_) communicator.log().hidden(communicator.now_s() - began_s_);
    if (!ring_) start_next();
    while (ring_) {
        ring_->finish();
        start_next();
    }
}

}  // namespace lockstep::exchange
