// The leader A and the follower B of a pair:
//   round trip:   A sends n bytes, B sends n bytes back; twice, of which the second counts: as in training,
//   the
//                 link was in use just before, and what a network lets through after a rest has passed.
//   late receive: A starts to send, then both exchange signals, so that whatever moves without a receive has
//                 moved; A looks whether its send is complete (eager), and only then B receives.
//   exchange:     both send and receive at once, B a little later, twice in a row, and B's time counts. Ranks
//                 never come to an exchange at the same instant, and libraries are sensitive to that.
// Each begins with a handshake, so that neither side starts while the other is still busy.
//
// No deadlock: signals are empty messages, which both sides send and receive in the same order.
#include "comm/message_probe.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "backend/backend.hpp"
#include "comm/mpi_error.hpp"

namespace lockstep::comm {
namespace {

constexpr int data_tag = 1;
constexpr int signal_tag = 2;
constexpr int value_tag = 3;

}  // namespace

MessageProbe::MessageProbe(const Communicator& communicator, std::size_t largest)
    : outgoing_(largest), incoming_(largest) {
    check(MPI_Comm_dup(communicator.handle_, &handle_), "MPI_Comm_dup");
}

MessageProbe::~MessageProbe() {
    MPI_Comm_free(&handle_);
}

void MessageProbe::signal(std::size_t peer) {
    check(MPI_Send(nullptr, 0, MPI_BYTE, mpi_int(peer), signal_tag, handle_), "MPI_Send");
}

void MessageProbe::await_signal(std::size_t peer) {
    check(MPI_Recv(nullptr, 0, MPI_BYTE, mpi_int(peer), signal_tag, handle_, MPI_STATUS_IGNORE), "MPI_Recv");
}

void MessageProbe::meet(std::size_t peer) {
    check(MPI_Sendrecv(nullptr, 0, MPI_BYTE, mpi_int(peer), signal_tag, nullptr, 0, MPI_BYTE, mpi_int(peer),
                       signal_tag, handle_, MPI_STATUS_IGNORE),
          "MPI_Sendrecv");
}

void MessageProbe::start_after_peer(std::size_t peer, bool leads) {
    if (!leads) await_signal(peer);
    signal(peer);
    if (leads) await_signal(peer);
}

void MessageProbe::send(std::size_t peer, std::size_t bytes) {
    backend::handle_message();
    check(MPI_Send(outgoing_.data(), mpi_int(bytes), MPI_BYTE, mpi_int(peer), data_tag, handle_), "MPI_Send");
}

void MessageProbe::receive(std::size_t peer, std::size_t bytes) {
    check(MPI_Recv(incoming_.data(), mpi_int(bytes), MPI_BYTE, mpi_int(peer), data_tag, handle_,
                   MPI_STATUS_IGNORE),
          "MPI_Recv");
    backend::handle_message();
}

MPI_Request MessageProbe::start_receiving(std::size_t peer, std::size_t bytes) {
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Irecv(incoming_.data(), mpi_int(bytes), MPI_BYTE, mpi_int(peer), data_tag, handle_, &request),
          "MPI_Irecv");
    return request;
}

MPI_Request MessageProbe::start_sending(std::size_t peer, std::size_t bytes) {
    backend::handle_message();
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Isend(outgoing_.data(), mpi_int(bytes), MPI_BYTE, mpi_int(peer), data_tag, handle_, &request),
          "MPI_Isend");
    return request;
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

void MessageProbe::time_round_trip(std::size_t peer, bool leads, std::size_t bytes, Sample& sample) {
    warm_up(bytes);
    start_after_peer(peer, leads);
    constexpr int round_trips = 2;  // the first one's times are overwritten
    for (int i = 0; i < round_trips; ++i) {
        const double began_s = MPI_Wtime();
        if (leads) {
            send(peer, bytes);
            sample.send_s = MPI_Wtime() - began_s;
            receive(peer, bytes);
            sample.one_way_s = (MPI_Wtime() - began_s) / 2;
        } else {
            receive(peer, bytes);
            send(peer, bytes);
        }
    }
}

void MessageProbe::time_late_receive(std::size_t peer, bool leads, std::size_t bytes, Sample& sample) {
    meet(peer);
    double duration_s = 0;
    if (leads) {
        MPI_Request request = start_sending(peer, bytes);
        signal(peer);
        await_signal(peer);
        int done = 0;
        check(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
        sample.left_early = done != 0;
        signal(peer);
        if (done == 0) check(MPI_Wait(&request, MPI_STATUS_IGNORE), "MPI_Wait");
    } else {
        await_signal(peer);
        signal(peer);
        await_signal(peer);
        const double began_s = MPI_Wtime();
        receive(peer, bytes);
        duration_s = MPI_Wtime() - began_s;
    }
    sample.late_receive_s = hand_over(peer, leads, duration_s);
}

void MessageProbe::time_exchange(std::size_t peer, bool leads, std::size_t bytes,
                                 base::FunctionRef<void()> delay, Sample& sample) {
    warm_up(bytes);
    meet(peer);
    if (!leads) delay();
    constexpr int exchanges = 2;
    const double began_s = MPI_Wtime();
    for (int i = 0; i < exchanges; ++i) {
        MPI_Request sending = start_sending(peer, bytes);
        std::array<MPI_Request, 2> requests{start_receiving(peer, bytes), sending};
        check(MPI_Waitall(2, requests.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
        backend::handle_message();
    }
    sample.exchange_s = hand_over(peer, leads, (MPI_Wtime() - began_s) / exchanges);
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
    MPI_Request request = start_receiving(peer, bytes);
    compute();
    const double computed_s = MPI_Wtime();
    check(MPI_Wait(&request, MPI_STATUS_IGNORE), "MPI_Wait");
    return MPI_Wtime() - computed_s;
}

bool MessageProbe::send_moves(std::size_t peer, bool leads, std::size_t bytes,
                              base::FunctionRef<void()> compute) {
    meet(peer);
    const double began_s =
        MPI_Wtime();  // before they meet again: a follower that comes late must not seem quick
    meet(peer);
    double received_s = 0;
    double computed_s = 0;
    if (leads) {
        const double started_s = MPI_Wtime();
        MPI_Request request = start_sending(peer, bytes);
        compute();
        computed_s = MPI_Wtime() - started_s;
        check(MPI_Wait(&request, MPI_STATUS_IGNORE), "MPI_Wait");
    } else {
        receive(peer, bytes);
        received_s = MPI_Wtime() - began_s;
    }
    return hand_over(peer, leads, received_s) < computed_s / 2;
}

std::size_t MessageProbe::agree(std::size_t peer, bool leads, std::size_t value) {
    unsigned long long chosen = value;
    if (leads)
        check(MPI_Send(&chosen, 1, MPI_UNSIGNED_LONG_LONG, mpi_int(peer), value_tag, handle_), "MPI_Send");
    else
        check(MPI_Recv(&chosen, 1, MPI_UNSIGNED_LONG_LONG, mpi_int(peer), value_tag, handle_,
                       MPI_STATUS_IGNORE),
              "MPI_Recv");
    return chosen;
}

double MessageProbe::hand_over(std::size_t peer, bool leads, double value) {
    if (leads)
        check(MPI_Recv(&value, 1, MPI_DOUBLE, mpi_int(peer), value_tag, handle_, MPI_STATUS_IGNORE),
              "MPI_Recv");
    else
        check(MPI_Send(&value, 1, MPI_DOUBLE, mpi_int(peer), value_tag, handle_), "MPI_Send");
    return value;
}

}  // namespace lockstep::comm
