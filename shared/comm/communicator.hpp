#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "comm/traffic.hpp"
#include "comm/transport.hpp"
#include "events/recorder.hpp"

namespace lockstep::comm {

/// A started send or receive of one vector. Completed by Communicator::wait or wait_any; the vector must
/// outlive it.
class Request {
  public:
    bool active() const { return handle_.active() || has_come_; }
    /// Values that a completed receive has brought: what was sent may be shorter than the vector.
    std::size_t received() const { return received_; }

  private:
    friend class Communicator;
    Transport::Handle handle_;
    std::size_t peer_ = 0;
    std::size_t sequence_ = 0;
    std::size_t received_ = 0;
    bool receiving_ = false;
    bool has_come_ = false;  ///< the transport is done with it; nobody has been told yet
};

/// What a message tells of those after it, at no cost: nothing, that there are none until ranks meet again,
/// or that there are none.
enum class Mark { none, pause, last };

/// The group of ranks that train together: sends vectors over a transport, and tells a recorder of every
/// training message.
///
/// Vectors of float32 are training messages: counted and recorded. Texts and agreements are control messages:
/// they belong before the start or after the end of the timed part and are not counted.
///
/// Errors: every function throws those of its transport, and base::InputError for a rank that is none of the
/// group.
class Communicator {
  public:
    /// Precondition: nobody else uses the transport, on any rank.
    explicit Communicator(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {}

    /// Collective: a transport between the same ranks, whose messages are not logged.
    std::unique_ptr<Transport> duplicate_transport() const { return transport_->duplicate(); }

    std::size_t rank() const { return transport_->rank(); }
    std::size_t size() const { return transport_->size(); }

    /// Seconds on this rank's clock: the only clock that shared code reads.
    double now_s() const { return transport_->now_s(); }

    void send(std::span<const float> vector, std::size_t destination);
    void receive(std::span<float> vector, std::size_t source) {
        receive_tagged(vector, source, tag_of(Mark::none));
    }
    /// Of a sender that marks messages.
    Mark receive_and_see_mark(std::span<float> vector, std::size_t source);

    /// Sends and receives at once, blocked until both are done: full duplex.
    void send_receive(std::span<const float> outgoing, std::size_t destination, std::span<float> incoming,
                      std::size_t source);

    /// A message to receive_and_see_mark() may have a mark.
    Request start_send(std::span<const float> vector, std::size_t destination, Mark mark = Mark::none);

    /// Who exchanges with a peer starts to send first. A large send is announced; announced after a receive,
    /// it stands behind this rank's request for the peer's data in Open MPI's TCP stream, and one direction
    /// then waits for the other: measured 1.4 to 1.9 times as long (bench/exchange/bench_exchange_order.cpp).
    Request start_receive(std::span<float> vector, std::size_t source);

    /// Blocks until the request is done; nothing to do for one that is not active.
    void wait(Request& request);

    /// Whether the request is done by now. For a look between two pieces of work, as find_done: whoever has
    /// nothing else to do waits instead.
    bool has_finished(Request& request);

    /// Blocks until one of the active requests is done and returns its index, in the order in which messages
    /// arrive; of several that have arrived, the next in rotation after the last one returned, so that nobody
    /// is passed over for ever. Of the others that have come by then it is noted when: what their senders are
    /// blocked for hangs on that (events/wait_states.hpp). Throws base::InputError where none is active.
    /// (MPI_ANY_SOURCE would do for Open MPI, but SMPI serves it in the order in which the sends were
    /// called.)
    std::size_t wait_any(std::span<Request> requests);

    /// Blocks until the one at `wanted` is done; nothing to do where that is not active. Notes as wait_any
    /// when the others come, which stay active until somebody waits for them.
    void wait_for(std::span<Request> requests, std::size_t wanted);

    /// One of the active requests that is done by now, in the same rotation; nothing if none is. Looks as
    /// often as it takes to know (Transport::looks_in_a_row), which takes no simulated time: for what has
    /// arrived between two pieces of work, not for waiting in a loop.
    std::optional<std::size_t> find_done(std::span<Request> requests);

    /// The rotation of these two begins anew, at the first request.
    void begin_rotation() { next_ = 0; }

    /// Whether such looks of a rank that computes move messages on.
    bool moves_while_computing() const { return transport_->moves_while_computing(); }

    /// Sum over all ranks by the library's own allreduce, in whatever order it chooses.
    void library_allreduce(std::span<float> vector);

    /// Dissemination barrier (Hensgen, Finkel, Manber 1988): ceil(lg p) rounds; on a uniform network all
    /// ranks leave it at the same moment, so it serves as a common start. Control messages.
    void barrier();

    /// Control: the maximum over all ranks, known to all.
    int agree_on_maximum(int value);
    /// Control: `text` of rank `root`, on every rank.
    void broadcast_text(std::string& text, std::size_t root);
    /// Control: bytes from `source` / to `destination`, lengths included.
    void send_bytes(std::span<const std::byte> bytes, std::size_t destination);
    std::vector<std::byte> receive_bytes(std::size_t source);
    /// Control: swaps arrays with several peers at once. `incoming` have the lengths of what will come.
    void swap_with_peers(std::span<const std::size_t> peers, std::span<const std::vector<double>> outgoing,
                         std::span<std::vector<double>> incoming);
    /// Control: asks `peer`, which calls answer_time for this rank, what its clock says now.
    double ask_time(std::size_t peer);
    void answer_time(std::size_t peer);

    /// Where all that this rank does is told.
    events::Recorder& log() { return log_; }
    const events::Recorder& log() const { return log_; }

  private:
    static int tag_of(Mark mark);

    void require_peer(std::size_t rank) const;
    Request begin_send(std::span<const float> vector, std::size_t destination, double start_s, Mark mark);
    Request begin_receive(std::span<float> vector, std::size_t source, double start_s);
    int receive_tagged(std::span<float> vector, std::size_t source, int tag);
    /// Lets the transport look until it has found something, or has nothing more to tell.
    template <typename Look>
    auto found_by(Look look) const;
    /// The transport is done with the request: with so many bytes, if it is a receive.
    void note(Request& request, std::size_t bytes, double at_s);
    /// The same of all that are done by now, and of the next one that will be, whose index it returns; of
    /// several those from `first` on come first.
    void note_all(std::span<Request> requests, std::size_t first);
    std::size_t note_next(std::span<Request> requests, std::size_t first);
    static std::optional<std::size_t> first_that_has_come(std::span<const Request> requests,
                                                          std::size_t first);
    /// Whoever asked is told of one that has come; this rank was blocked for it from and to then.
    void finish(Request& request, double began_s, double until_s);
    void take(Request& request);
    /// Fills `waiting_` with the requests' handles, from `first` on.
    void line_up(std::span<const Request> requests, std::size_t first);

    std::unique_ptr<Transport> transport_;
    events::Recorder log_;
    std::vector<Transport::Handle> waiting_;  ///< scratch of these, kept so that serving allocates nothing
    std::size_t next_ = 0;                    ///< where they look first
};

}  // namespace lockstep::comm
