#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>

namespace lockstep::sim {

/// Messages from one host to another, first in, first out, as a TCP connection carries them: one begins to
/// use its links when its latency is over and the one before it has been delivered. The engine would have
/// them share the links. k messages of n bytes that are sent at one moment over a path of latency l and
/// bandwidth B are there l + n / B, l + 2 n / B ... later, not all l + k n / B.
///
/// Messages of different pairs, and of both directions of a pair, share links as they did (share_links). A
/// host of several ranks has a connection for each: between hosts of r and s ranks r s messages are under way
/// at most, of whichever of these pairs of ranks. Messages through a host's own memory are not queued.
///
/// With `send_ahead` above 0 a host lets that share of each message leave before it begins a later one, to
/// whichever host: what fits into a connection's buffer stands in the queue of the host's network card, first
/// in, first out, and only the rest is sent by turns. k messages of n bytes to k hosts begin
/// send_ahead n / (f B) after each other, with the bandwidth B of the sender's link and the model's factor f
/// of bandwidths.
///
/// With a `handshake`, of messages from its size on nothing but a request travels until the receiver, and
/// then the sender where it is needed, are in a call of the MPI library: at the end of the latency, or when
/// they next enter one. In that case it is as if the message was sent then: answer and data pay the latency
/// again. From then on nobody needs to look after it. Of a host with several ranks, one in a call will do.
///
/// A message that meets no other of its pair, nor with `send_ahead` of its sender, and whose ends are in
/// calls takes as long as without queues, to the bit. Cost: two look-ups a message; of those that wait, or
/// shake hands, one more in each step of the engine's clock until their latency is over.
class PairQueues {
  public:
    using Ends = std::pair<const simgrid::s4u::Host*, const simgrid::s4u::Host*>;  ///< from, to

    struct Handshake {
        double from_B = 0;
        bool needs_sender = true;
    };
    struct Rules {
        double send_ahead = 0;
        std::optional<Handshake> handshake = {};
        bool weights_are_one = false;  ///< of all messages: those that have waited, too; or SimGrid's own
    };

    /// `hosts` of ranks 0, 1, 2 ...
    PairQueues(simgrid::kernel::resource::Model& network, const std::vector<simgrid::s4u::Host*>& hosts,
               const Rules& rules);

    /// The engine is about to make a flow over these links, which is in its list of what has started, and
    /// nothing more. It will get at most `bandwidth_factor` of what its links give.
    void begin(const Ends& ends, const std::vector<simgrid::s4u::Link*>& links, double bandwidth_factor);
    /// A flow is delivered, or has failed.
    void end(const simgrid::kernel::resource::Action* flow);
    /// It has been turned off: what waits in its queues is never sent. The engine ends the messages of a rank
    /// that goes off, but for eager ones, which are no rank's any more: it would send them as the links get
    /// free.
    void forget(const simgrid::s4u::Host& host);
    /// A rank there is in a call of the MPI library, as all are in the beginning, after it was in none.
    void enter(const simgrid::s4u::Host& host);
    /// It is in none any more.
    void leave(const simgrid::s4u::Host& host) {
        if (rules_.handshake) ++computing_[&host];
    }
    /// The clock has gone forward, or will do so next: those whose latency is over wait for their turn.
    void hold();

  private:
    using Flow = simgrid::kernel::resource::Action;

    enum class Awaits { receiver, sender, nobody };
    struct Place {
        Flow* flow = nullptr;
        Awaits awaits = Awaits::nobody;  ///< who is to enter a call
        double weight = 1;
        double begun_s = 0;
        double latency_s = 0;      ///< once it is over
        double delay_s = 0;        ///< beyond it: behind its sender's other messages, or after a handshake
        double not_before_s = -1;  ///< the end of that, once the latency is over
        bool is_held = false;
    };
    struct OfEnds {
        std::size_t operator()(const Ends& ends) const {
            const std::hash<const void*> of_address;
            return 31 * of_address(ends.first) + of_address(ends.second);
        }
    };

    using Queue = std::vector<Place>;

    std::size_t lanes(const Ends& ends) const;
    bool is_in_call(const simgrid::s4u::Host* host) const;
    /// Whoever is in a call is awaited no more; the other is from now on, by enter().
    void shake_hands(Place& place, const Ends& ends);
    /// Whether as many as may move at a time do not stand before it.
    bool has_turn(const Queue& queue, const Place& place, const Ends& ends) const;
    /// Those that stand still although it is their turn go on.
    void advance(Queue& queue, const Ends& ends) const;
    /// Until what its host has sent before has left far enough; and counts the flow itself, which leaves at
    /// that bandwidth.
    double delay_of(const Flow& flow, const Ends& ends, double bandwidth_Bps);
    void let_go(Place& place) const;
    /// Its delay is over at that date.
    void release_at(Place& place, double date_s);
    /// The flow whose date this is may go now, as far as its sender is concerned.
    void release(const Flow* flow, double date_s);
    double weight_over(const std::vector<simgrid::s4u::Link*>& links) const;
    /// Null where the flow has ended, or may go.
    Place* place_in_line(const Flow* flow);

    simgrid::kernel::resource::Model& network_;
    Rules rules_;
    std::unordered_map<const simgrid::s4u::Host*, std::size_t> ranks_;           ///< of each host
    std::unordered_map<const simgrid::s4u::Host*, std::size_t> computing_;       ///< of these
    std::unordered_map<const simgrid::s4u::Host*, std::vector<Flow*>> awaited_;  ///< that is to enter a call
    std::unordered_map<const simgrid::s4u::Host*, double> free_s_;  ///< when a host can begin another message
    double weight_S_B_;                                             ///< SimGrid's, see weight_over
    std::unordered_map<Ends, Queue, OfEnds> queues_;  ///< in the order in which they are to move
    std::unordered_map<const Flow*, Ends> under_way_;
    std::vector<Flow*> arriving_;  ///< perhaps still in their latency
};

/// Queues for the engine's network, which are to be told of what begins, and of calls where there is a
/// handshake; all else they hear by themselves. Call it after share_links, whose `weights_are_one` is among
/// the rules.
std::shared_ptr<PairQueues> queue_pairs(const simgrid::s4u::Engine& engine,
                                        const std::vector<simgrid::s4u::Host*>& hosts,
                                        const PairQueues::Rules& rules);

}  // namespace lockstep::sim
