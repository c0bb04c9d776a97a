#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "events/recorder.hpp"

namespace lockstep::comm {

/// Messages and payload bytes that a rank has sent.
struct Traffic {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
};

/// What one rank did with messages and when, by its own clock: enough to tell afterwards, together with the
/// logs of its partners, how long it waited for a partner and how long for the network (see wait_states.hpp).
///
/// The k-th message between an ordered pair of ranks has sequence number k on both sides.
class MessageLog {
  public:
    /// A time during which this rank was blocked, ended by one message from or to `peer`.
    struct Blocked {
        double begin_s;
        double end_s;
        std::size_t peer;
        std::size_t sequence;
        bool receiving;
    };
    /// Start times of this rank's operations with one partner.
    struct Peer {
        std::vector<double> send_started_s;
        std::vector<double> receive_started_s;
    };

    /// Each returns the message's sequence number.
    std::size_t send_started(std::size_t peer, double now_s, std::size_t bytes);
    std::size_t receive_started(std::size_t peer, double now_s);

    void blocked(const Blocked& interval);

    /// The message `sequence` from `peer` was complete.
    void arrived(std::size_t peer, std::size_t sequence, double now_s, std::size_t bytes);

    /// Time blocked in a collective of the MPI library, which tells nothing of its messages.
    void blocked_in_library(double begin_s, double end_s);

    /// Time in which messages were under way while this rank computed.
    void hidden(double duration_s) { hidden_s_ += duration_s; }

    void clear() { *this = MessageLog{}; }

    /// All that is told from now on is told to `recorder` too, which must outlive this or be taken away by
    /// null, as clear() does.
    void record_into(events::Recorder* recorder) { recorder_ = recorder; }

    const Traffic& traffic() const { return traffic_; }
    /// Whether `traffic` is all there was: not where MPI's own collectives were used.
    bool complete() const { return complete_; }
    const std::map<std::size_t, Peer>& peers() const { return peers_; }
    const std::vector<Blocked>& intervals() const { return blocked_; }
    double in_library_s() const { return in_library_s_; }
    double hidden_s() const { return hidden_s_; }

  private:
    events::Recorder* recorder_ = nullptr;
    Traffic traffic_;
    std::map<std::size_t, Peer> peers_;
    std::vector<Blocked> blocked_;
    double in_library_s_ = 0;
    double hidden_s_ = 0;
    bool complete_ = true;
};

}  // namespace lockstep::comm
