#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "base/packing.hpp"

namespace lockstep::events {

/// Messages and payload bytes that a rank has sent.
struct Traffic {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
};

/// What is kept in memory of one rank's messages: how many there were, and when, by its own clock. Enough to
/// tell afterwards, together with the logs of its partners, how long it waited for a partner and how long for
/// the network (see wait_states.hpp). Filled by a Recorder.
///
/// The k-th message between an ordered pair of ranks has sequence number k on both sides.
/// Memory: 8 bytes for each start of a send or receive and each arrival, 40 for each time in which the rank
/// was blocked.
class MessageLog {
  public:
    /// A time during which this rank was blocked, ended by one message from or to `peer`.
    struct Blocked {
        double begin_s;
        double end_s;
        std::size_t peer;
        std::size_t sequence;
        bool receiving;

        double length_s() const { return end_s - begin_s; }
    };
    /// Of this rank's messages to and from one partner, by sequence number.
    struct Peer {
        std::vector<double> send_started_s;
        std::vector<double> receive_started_s;
        std::vector<double> arrived_s;  ///< infinite, or missing at the end, where one has not

        friend void visit_fields(auto& archive, base::ConstOrNot<Peer> auto& peer) {
            archive("send_started_s", peer.send_started_s);
            archive("receive_started_s", peer.receive_started_s);
            archive("arrived_s", peer.arrived_s);
        }
    };

    /// Each returns the message's sequence number.
    std::size_t send_started(std::size_t peer, double now_s, std::size_t bytes);
    std::size_t receive_started(std::size_t peer, double now_s);
    /// They do not overlap, and come in the order of their ends.
    void blocked(const Blocked& interval) { blocked_.push_back(interval); }
    void arrived(std::size_t peer, std::size_t sequence, double now_s);
    void blocked_in_library(double duration_s);
    void hidden(double duration_s) { hidden_s_ += duration_s; }

    /// The same log by a clock that is ahead of this one by so much.
    void shift(double by_s);

    const Traffic& traffic() const { return traffic_; }
    /// Whether `traffic` is all there was: not where MPI's own collectives were used.
    bool complete() const { return complete_; }
    const std::map<std::size_t, Peer>& peers() const { return peers_; }
    const std::vector<Blocked>& intervals() const { return blocked_; }
    double in_library_s() const { return in_library_s_; }
    double hidden_s() const { return hidden_s_; }

    friend void visit_fields(auto& archive, base::ConstOrNot<MessageLog> auto& log) {
        archive("traffic", log.traffic_);
        archive("peers", log.peers_);
        archive("blocked", log.blocked_);
        archive("in_library_s", log.in_library_s_);
        archive("hidden_s", log.hidden_s_);
        archive("complete", log.complete_);
    }

  private:
    Traffic traffic_;
    std::map<std::size_t, Peer> peers_;
    std::vector<Blocked> blocked_;
    double in_library_s_ = 0;
    double hidden_s_ = 0;
    bool complete_ = true;
};

}  // namespace lockstep::events
