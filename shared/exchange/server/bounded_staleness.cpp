// Asynchronous SGD in which the fast wait for the slow when they are too far ahead of them: the work of a
// straggler is never older than s rounds, and short delays cost nothing.
//
// On workers 0, 1 and server S with s = 1, worker 1 three times slower; clocks count steps done:
//   0 -> S: clocks 1 0; step 1 may start, since 0 >= 1 - 1; S -> 0
//   0 -> S: clocks 2 0; step 2 may not, since 0 < 2 - 1: no reply
//   1 -> S: clocks 2 1; S -> 1, and S -> 0 with the v that now holds the steps of both.
//
// Of several servers each holds its own replies back, by the steps that it has seen itself: a worker starts
// when the last of them has answered, so none of the parts that it starts from misses a step older than the
// bound.
//
// With s = 0 nobody reads v before a round is complete, so that its gradients may enter in any order: they do
// in that of the workers, and timing decides nothing, on any number of servers.
//
// No deadlock, besides server_rank.cpp: of the workers that still take steps, the one with the fewest is
// never held back, by any server, so there is always one whose message comes. When no step is left, replies
// are the last ones, and a worker that has had its own no longer counts; the other servers learn that from
// its empty message, which it can send: as the one with the fewest steps it is not held back by any of them.
// If a worker stops for good, the others get s + 1 steps ahead of it and then wait for ever
// (stalled); without a bound they go on.
#include "exchange/server/bounded_staleness.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "option/values.hpp"

namespace lockstep::exchange {
namespace {

/// Who waits for a reply, and who may have it.
class HeldReplies {
  public:
    HeldReplies(ServerRank& server, std::optional<std::size_t> bound)
        : server_(server), bound_(bound), is_held_(server.workers()) {}

    void hold(std::size_t worker) { is_held_[worker] = true; }

    void release() {
        const std::uint64_t slowest = fewest_steps();
        for (std::size_t worker = 0; worker < is_held_.size(); ++worker) {
            if (!is_held_[worker]) continue;
            if (bound_ && server_.slot(worker).steps_done > slowest + *bound_) continue;
            is_held_[worker] = false;
            server_.reply(worker);
        }
    }

  private:
    /// Of the workers that go on.
    std::uint64_t fewest_steps() const {
        std::uint64_t fewest = std::numeric_limits<std::uint64_t>::max() - bound_.value_or(0);
        for (std::size_t worker = 0; bound_ && worker < is_held_.size(); ++worker)
            if (const auto& slot = server_.slot(worker); slot.active)
                fewest = std::min(fewest, slot.steps_done);
        return fewest;
    }

    ServerRank& server_;
    std::optional<std::size_t> bound_;
    std::vector<bool> is_held_;
};

}  // namespace

std::vector<option::Option<BoundedStalenessOptions>> BoundedStalenessOptions::options() {
    return {{"staleness-bound",
             option::of(&BoundedStalenessOptions::staleness_bound, option::whole_or("none", {})),
             "Steps by which a worker of bounded-staleness may be ahead of the slowest when it starts one; "
             "none: as by-arrival."}};
}

void BoundedStaleness::check(const Team& /*team*/) const {
    check_compressing(*this, servers, *this);
}

void BoundedStaleness::serve(Participant& participant) const {
    ServerRank server(participant, serving());
    GradientSteps step(participant, server, *this, *this);
    HeldReplies held(server, staleness_bound);
    const auto order = is_deterministic() ? ServingOrder::rotation : ServingOrder::arrival;
    const auto take = [&](std::size_t worker) {
        step.by_one(worker);
        held.hold(worker);
        held.release();
    };
    server.serve(order, take, [&] { held.release(); });
}

}  // namespace lockstep::exchange
