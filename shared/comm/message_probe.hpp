#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/function_ref.hpp"
#include "comm/communicator.hpp"

namespace lockstep::comm {

/// Times of single messages between two ranks, by themselves: for calibration. Messages of bytes on a
/// transport of their own; nothing is logged. Of each function's two callers the one that `leads` gets
/// what is measured, the other a meaningless value. A fan-out has three: its sender gets what is measured.
///
/// Errors: those of the transport.
class MessageProbe {
  public:
    /// What one size costs. Times in seconds.
    struct Sample {
        double one_way_s = 0;       ///< half a round trip
        double send_s = 0;          ///< in the call that sends to a receiver that waits already
        double late_receive_s = 0;  ///< in the call that receives what was sent long before
        double exchange_s = 0;      ///< both send to each other at once; of the one who came later
        bool left_early = false;    ///< the send was complete before its receive was there: eager
    };

    /// What moves a large message while a processor computes.
    struct Progress {
        bool of_sends = false;     ///< the receiver had it before its sender had done computing
        bool of_receives = false;  ///< it was there when the receiver had done computing
    };

    /// Two messages from one rank: when their sender had an empty reply to each, in seconds from the start of
    /// the first.
    struct FanOut {
        double first_s = 0;
        double second_s = 0;
    };

    /// Collective over all ranks. For messages of up to `largest` bytes.
    MessageProbe(const Communicator& communicator, std::size_t largest);

    /// Half a round trip, the only one: what messages of a size take is to be known before many are sent.
    double time_one_way(std::size_t peer, bool leads, std::size_t bytes);

    /// `delay` keeps a processor busy for as long as ranks come late to an exchange.
    /// Cost: 9 messages, 5 of them the leader's, and those of the handshakes around them.
    Sample measure(std::size_t peer, bool leads, std::size_t bytes, base::FunctionRef<void()> delay);

    /// `compute` keeps a processor busy for much longer than the message's `one_way_s`. The leader's finding;
    /// the follower's means nothing.
    Progress progress(std::size_t peer, bool leads, std::size_t bytes, double one_way_s,
                      base::FunctionRef<void()> compute);

    /// Sends to two ranks, which are in answer_fan_out, to the second one `gap_s` after the first. Until then
    /// `compute` is called again and again, each time for a small part of the gap, and in between the library
    /// may move the first message on. Cost: two messages of the size, four empty ones.
    FanOut fan_out(std::size_t first, std::size_t second, std::size_t bytes, double gap_s,
                   base::FunctionRef<void()> compute);
    void answer_fan_out(std::size_t sender, std::size_t bytes);

    /// Control: what the leader chose, for both.
    std::size_t agree(std::size_t peer, bool leads, std::size_t value);

  private:
    double now_s() const { return transport_->now_s(); }
    void signal(std::size_t peer);
    void await_signal(std::size_t peer);
    void meet(std::size_t peer);
    /// The leader goes on when the follower has: what it sends next finds its receiver waiting.
    void start_after_peer(std::size_t peer, bool leads);
    Transport::Handle start_sending(std::size_t peer, std::size_t bytes);
    Transport::Handle start_receiving(std::size_t peer, std::size_t bytes);
    void send(std::size_t peer, std::size_t bytes);
    void receive(std::size_t peer, std::size_t bytes);
    void make_round_trip(std::size_t peer, bool leads, std::size_t bytes, Sample& sample);
    void time_round_trip(std::size_t peer, bool leads, std::size_t bytes, Sample& sample);
    void time_late_receive(std::size_t peer, bool leads, std::size_t bytes, Sample& sample);
    void time_exchange(std::size_t peer, bool leads, std::size_t bytes, base::FunctionRef<void()> delay,
                       Sample& sample);
    void warm_up(std::size_t bytes);
    double wait_after_computing(std::size_t peer, bool leads, std::size_t bytes,
                                base::FunctionRef<void()> compute);
    bool send_moves(std::size_t peer, bool leads, std::size_t bytes, base::FunctionRef<void()> compute);
    /// The follower's value, on the leader.
    double hand_over(std::size_t peer, bool leads, double value);

    std::unique_ptr<Transport> transport_;
    std::vector<std::byte> outgoing_;
    std::vector<std::byte> incoming_;
};

}  // namespace lockstep::comm
