#pragma once

#include <cstddef>
#include <functional>
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
/// A message that does not meet another of its pair, or with `send_ahead` of its sender, takes as long as
/// without queues, to the bit. Cost: two look-ups a message; of those that wait, one more in each step of the
/// engine's clock until their latency is over.
class PairQueues {
  public:
    using Ends = std::pair<const simgrid::s4u::Host*, const simgrid::s4u::Host*>;  ///< from, to

    /// `hosts` of ranks 0, 1, 2 ... Messages that have waited share links with weight 1, if all others do, or
    /// by SimGrid's own.
    PairQueues(simgrid::kernel::resource::Model& network, const std::vector<simgrid::s4u::Host*>& hosts,
               double send_ahead, bool weights_are_one);

    /// The engine is about to make a flow over these links, which is in its list of what has started, and
    /// nothing more. It will get at most `bandwidth_factor` of what its links give.
    void begin(const Ends& ends, const std::vector<simgrid::s4u::Link*>& links, double bandwidth_factor);
    /// A flow is delivered, or has failed.
    void end(const simgrid::kernel::resource::Action* flow);
    /// It has been turned off: what waits in its queues is never sent. The engine ends the messages of a rank
    /// that goes off, but for eager ones, which are no rank's any more: it would send them as the links get
    /// free.
    void forget(const simgrid::s4u::Host& host);
    /// The clock has gone forward, or will do so next: those whose latency is over wait for their turn.
    void hold();

  private:
    using Flow = simgrid::kernel::resource::Action;

    struct Place {
        Flow* flow = nullptr;
        double weight = 1;
        double delay_s = 0;        ///< behind its sender's other messages, beyond its latency
        double not_before_s = -1;  ///< once its latency is over
        bool is_held = false;
    };
    struct OfEnds {
        std::size_t operator()(const Ends& ends) const {
            const std::hash<const void*> of_address;
            return 31 * of_address(ends.first) + of_address(ends.second);
        }
    };

    std::size_t lanes(const Ends& ends) const;
    /// Until what its host has sent before has left far enough; and counts the flow itself, which leaves at
    /// that bandwidth.
    double delay_of(const Flow& flow, const Ends& ends, double bandwidth_Bps);
    void let_go(Place& place) const;
    /// The flow whose date this is may go now, as far as its sender is concerned.
    void release(const Flow* flow, double date_s);
    double weight_over(const std::vector<simgrid::s4u::Link*>& links) const;
    /// Null where the flow has ended, or may go.
    Place* place_in_line(const Flow* flow);

    simgrid::kernel::resource::Model& network_;
    std::unordered_map<const simgrid::s4u::Host*, std::size_t> ranks_;  ///< of each host
    double send_ahead_;
    std::unordered_map<const simgrid::s4u::Host*, double> free_s_;  ///< when a host can begin another message
    bool weights_are_one_;
    double weight_S_B_;                                            ///< SimGrid's, see weight_over
    std::unordered_map<Ends, std::vector<Place>, OfEnds> queues_;  ///< in the order of their starts
    std::unordered_map<const Flow*, Ends> under_way_;
    std::vector<Flow*> arriving_;  ///< perhaps still in their latency
};

/// Who is told of each message when the engine makes it, as PairQueues::begin().
using FlowStart = std::function<void(const PairQueues::Ends& ends,
                                     const std::vector<simgrid::s4u::Link*>& links, double bandwidth_factor)>;

/// Queues for the engine's network, whom to tell of what begins; all else they hear by themselves. Call it
/// after share_links, whose `weights_are_one` it takes.
FlowStart queue_pairs(const simgrid::s4u::Engine& engine, const std::vector<simgrid::s4u::Host*>& hosts,
                      double send_ahead, bool weights_are_one);

}  // namespace lockstep::sim
