// The leader A and the follower B of a pair:
//   round trip:   A sends n bytes, B sends n bytes back; twice, of which the second counts: as in training,
//   the
//                 link was in use just before, and what a network lets through after a rest has passed.
//   late receive: A starts to send, then both exchange signals, so that whatever moves without a receive has
//                 moved; A looks whether its send is complete (eager), and only then B receives.
//   exchange:     both send and receive at once, B a little later, twice in a row, and B's time counts. Ranks
//                 never come to an exchange at the same instant, and libraries are sensitive to that.
//   fan-out:      A sends to B, a little later also to C; both have their receives open, and reply.
// Each begins with a handshake, so that neither side starts while the other is still busy.
//
// No deadlock: signals are empty messages, which both sides send and receive in the same order.
#include "comm/message_probe.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "backend/backend.hpp"

namespace lockstep::comm {
namespace {

constexpr int data_tag = 1;
constexpr int signal_tag = 2;
constexpr int value_tag = 3;

}  // namespace

MessageProbe::MessageProbe(const Communicator& communicator, std::size_t largest)
    : transport_(communicator.duplicate_transport()), outgoing_(largest), incoming_(largest) {}

void MessageProbe::signal(std::size_t peer) {
    transport_->send({}, peer, signal_tag);
}

void MessageProbe::await_signal(std::size_t peer) {
    transport_->receive({}, peer, signal_tag);
}

void MessageProbe::meet(std::size_t peer) {
    transport_->send_receive({}, peer, {}, peer, signal_tag);
}

void MessageProbe::start_after_peer(std::size_t peer, bool leads) {
    if (!leads) await_signal(peer);
    signal(peer);
    if (leads) await_signal(peer);
}

void MessageProbe::send(std::size_t peer, std::size_t bytes) {
    backend::handle_message();
    transport_->send(std::span(outgoing_).first(bytes), peer, data_tag);
}

void MessageProbe::receive(std::size_t peer, std::size_t bytes) {
    transport_->receive(std::span(incoming_).first(bytes), peer, data_tag);
    backend::handle_message();
}

Transport::Handle MessageProbe::start_receiving(std::size_t peer, std::size_t bytes) {
    return transport_->start_receive(std::span(incoming_).first(bytes), peer, data_tag);
}

Transport::Handle MessageProbe::start_sending(std::size_t peer, std::size_t bytes) {
    backend::handle_message();
    return transport_->start_send(std::span(outgoing_).first(bytes), peer, data_tag);
}

MessageProbe::Sample MessageProbe::measure(std::size_t peer, bool leads, std::size_t bytes,
                                           base::FunctionRef<void()> delay) {
    Sample sample;
    time_round_trip(peer, leads, bytes, sample);
    time_late_receive(peer, leads, bytes, sample);
    time_exchange(peer, leads, bytes, delay, sample);
    return sample;
}

/// What training sends it has just computed, and what it receives into it has just read.
void MessageProbe::warm_up(std::size_t bytes) {
    std::ranges::fill(std::span(outgoing_).first(bytes), std::byte{1});
    std::ranges::fill(std::span(incoming_).first(bytes), std::byte{2});
}

double MessageProbe::time_one_way(std::size_t peer, bool leads, std::size_t bytes) {
    Sample sample;
    warm_up(bytes);
    start_after_peer(peer, leads);
    make_round_trip(peer, leads, bytes, sample);
    return sample.one_way_s;
}

void MessageProbe::make_round_trip(std::size_t peer, bool leads, std::size_t bytes, Sample& sample) {
    const double began_s = now_s();
    if (leads) {
        send(peer, bytes);
        sample.send_s = now_s() - began_s;
        receive(peer, bytes);
        sample.one_way_s = (now_s() - began_s) / 2;
    } else {
        receive(peer, bytes);
        send(peer, bytes);
    }
}

void MessageProbe::time_round_trip(std::size_t peer, bool leads, std::size_t bytes, Sample& sample) {
    warm_up(bytes);
    start_after_peer(peer, leads);
    make_round_trip(peer, leads, bytes, sample);
    make_round_trip(peer, leads, bytes, sample);  // its times count
}

void MessageProbe::time_late_receive(std::size_t peer, bool leads, std::size_t bytes, Sample& sample) {
    meet(peer);
    double duration_s = 0;
    if (leads) {
        Transport::Handle request = start_sending(peer, bytes);
        signal(peer);
        await_signal(peer);
        sample.left_early = transport_->test(request).has_value();
        signal(peer);
        if (request.active()) transport_->wait(request);
    } else {
        await_signal(peer);
        signal(peer);
        await_signal(peer);
        const double began_s = now_s();
        receive(peer, bytes);
        duration_s = now_s() - began_s;
    }
    sample.late_receive_s = hand_over(peer, leads, duration_s);
}

void MessageProbe::time_exchange(std::size_t peer, bool leads, std::size_t bytes,
                                 base::FunctionRef<void()> delay, Sample& sample) {
    warm_up(bytes);
    meet(peer);
    if (!leads) delay();
    constexpr int exchanges = 2;
    const double began_s = now_s();
    for (int i = 0; i < exchanges; ++i) {
        Transport::Handle sending = start_sending(peer, bytes);
        Transport::Handle receiving = start_receiving(peer, bytes);
        transport_->wait(receiving);
        transport_->wait(sending);
        backend::handle_message();
    }
    sample.exchange_s = hand_over(peer, leads, (now_s() - began_s) / exchanges);
}

MessageProbe::Progress MessageProbe::progress(std::size_t peer, bool leads, std::size_t bytes,
                                              double one_way_s, base::FunctionRef<void()> compute) {
    const bool of_receives = wait_after_computing(peer, leads, bytes, compute) < one_way_s / 2;
    return {send_moves(peer, leads, bytes, compute), of_receives};
}

double MessageProbe::wait_after_computing(std::size_t peer, bool leads, std::size_t bytes,
                                          base::FunctionRef<void()> compute) {
    meet(peer);
    if (!leads) {
        await_signal(peer);
        send(peer, bytes);
        return 0;
    }
    signal(peer);
    Transport::Handle request = start_receiving(peer, bytes);
    compute();
    const double computed_s = now_s();
    transport_->wait(request);
    return now_s() - computed_s;
}

bool MessageProbe::send_moves(std::size_t peer, bool leads, std::size_t bytes,
                              base::FunctionRef<void()> compute) {
    meet(peer);
    const double began_s = now_s();  // before they meet again: a follower that comes late must not seem quick
    meet(peer);
    double received_s = 0;
    double computed_s = 0;
    if (leads) {
        const double started_s = now_s();
        Transport::Handle request = start_sending(peer, bytes);
        compute();
        computed_s = now_s() - started_s;
        transport_->wait(request);
    } else {
        receive(peer, bytes);
        received_s = now_s() - began_s;
    }
    return hand_over(peer, leads, received_s) < computed_s / 2;
}

MessageProbe::FanOut MessageProbe::fan_out(std::size_t first, std::size_t second, std::size_t bytes,
                                           double gap_s, base::FunctionRef<void()> compute) {
    warm_up(bytes);
    await_signal(first);
    await_signal(second);
    std::array<Transport::Handle, 2> replies{transport_->start_receive({}, first, signal_tag),
                                             transport_->start_receive({}, second, signal_tag)};
    std::array<double, 2> replied_s{};
    std::size_t left = replies.size();
    const double began_s = now_s();
    const auto note = [&](std::size_t index) {
        replied_s[index] = now_s() - began_s;
        --left;
    };
    Transport::Handle to_first = start_sending(first, bytes);
    while (now_s() - began_s < gap_s) {
        compute();
        for (std::size_t looks = transport_->looks_in_a_row(); looks > 0; --looks)
            if (const auto done = transport_->test_any(replies)) note(done->index);
    }
    backend::handle_message();
    // From where replies would go: a buffer of its own, as those of two messages are in training.
    Transport::Handle to_second = transport_->start_send(std::span(incoming_).first(bytes), second, data_tag);
    while (left > 0) note(transport_->wait_any(replies).index);
    transport_->wait(to_first);
    transport_->wait(to_second);
    return {replied_s[0], replied_s[1]};
}

void MessageProbe::answer_fan_out(std::size_t sender, std::size_t bytes) {
    warm_up(bytes);
    Transport::Handle request = start_receiving(sender, bytes);
    signal(sender);
    transport_->wait(request);
    backend::handle_message();
    signal(sender);
}

std::size_t MessageProbe::agree(std::size_t peer, bool leads, std::size_t value) {
    if (leads)
        transport_->send(std::as_bytes(std::span(&value, 1)), peer, value_tag);
    else
        transport_->receive(std::as_writable_bytes(std::span(&value, 1)), peer, value_tag);
    return value;
}

double MessageProbe::hand_over(std::size_t peer, bool leads, double value) {
    if (leads)
        transport_->receive(std::as_writable_bytes(std::span(&value, 1)), peer, value_tag);
    else
        transport_->send(std::as_bytes(std::span(&value, 1)), peer, value_tag);
    return value;
}

}  // namespace lockstep::comm
