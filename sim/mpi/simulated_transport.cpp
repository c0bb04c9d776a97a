#include "sim/mpi/simulated_transport.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <mpi.h>
#include <simgrid/Exception.hpp>

#include "comm/mpi/mpi_error.hpp"
#include "comm/mpi/over_mpi.hpp"
#include "scenario/config.hpp"
#include "sim/mpi/deferred_messages.hpp"

namespace lockstep::sim {
namespace {

using scenario::OverlapProgress;

class SimulatedTransport final : public comm::MpiTransport {
  public:
    /// `deferred` are the rank's on all its transports: a call on one is a call into the library.
    SimulatedTransport(MPI_Comm original, Rank& rank, std::shared_ptr<DeferredMessages> deferred)
        : MpiTransport(original), rank_(rank), deferred_(std::move(deferred)) {}

    /// MPI_Wtime reads the processor's clock twice, to learn what to charge for a time in which nothing is
    /// charged: a third of the wall time of large timing-only runs.
    double now_s() const override { return sim::now_s(rank_.world); }

    void send(std::span<const std::byte> bytes, std::size_t destination, int tag) override {
        enter();
        require_on(destination);
        MpiTransport::send(bytes, destination, tag);
    }

    Received receive(std::span<std::byte> buffer, std::size_t source, int tag) override {
        enter();
        return MpiTransport::receive(buffer, source, tag);
    }

    void send_receive(std::span<const std::byte> outgoing, std::size_t destination,
                      std::span<std::byte> incoming, std::size_t source, int tag) override {
        enter();
        require_on(destination);
        MpiTransport::send_receive(outgoing, destination, incoming, source, tag);
    }

    Handle start_send(std::span<const std::byte> bytes, std::size_t destination, int tag) override {
        require_on(destination);
        if (!defers_sends()) return MpiTransport::start_send(bytes, destination, tag);
        if (static_cast<double>(bytes.size()) < config().eager_limit_B) {
            enter();  // messages do not overtake each other
            return MpiTransport::start_send(bytes, destination, tag);
        }
        MPI_Request request = MPI_REQUEST_NULL;
        comm::check(MPI_Send_init(bytes.data(), comm::mpi_int(bytes.size()), MPI_BYTE,
                                  comm::mpi_int(destination), tag, communicator(), &request),
                    "MPI_Send_init");
        return defer(request, destination);
    }

    Handle start_receive(std::span<std::byte> buffer, std::size_t source, int tag) override {
        if (!defers_receives()) return MpiTransport::start_receive(buffer, source, tag);
        MPI_Request request = MPI_REQUEST_NULL;
        comm::check(MPI_Recv_init(buffer.data(), comm::mpi_int(buffer.size()), MPI_BYTE,
                                  comm::mpi_int(source), comm::mpi_tag(tag), communicator(), &request),
                    "MPI_Recv_init");
        return defer(request, std::nullopt);
    }

    Received wait(Handle& handle) override {
        enter();
        const Received received = MpiTransport::wait(handle);
        release(handle);
        return received;
    }

    std::optional<Received> test(Handle& handle) override {
        enter();
        const std::optional<Received> received = MpiTransport::test(handle);
        if (received) release(handle);
        return received;
    }

    Completion wait_any(std::span<Handle> handles) override {
        enter();
        const Completion done = MpiTransport::wait_any(handles);
        release(handles[done.index]);
        return done;
    }

    std::optional<Completion> test_any(std::span<Handle> handles) override {
        enter();
        const std::optional<Completion> done = MpiTransport::test_any(handles);
        if (done) release(handles[done->index]);
        return done;
    }

    /// Simulated messages move by themselves.
    std::size_t looks_in_a_row() const override { return 1; }

    void sum(std::span<float> vector) override {
        enter();
        require_all_on();
        MpiTransport::sum(vector);
    }

    int maximum(int value) override {
        enter();
        require_all_on();
        return MpiTransport::maximum(value);
    }

    void broadcast(std::span<std::byte> buffer, std::size_t root) override {
        enter();
        require_all_on();
        MpiTransport::broadcast(buffer, root);
    }

    bool moves_while_computing() const override {
        return config().overlap_progress == OverlapProgress::ideal;
    }

    std::unique_ptr<Transport> duplicate() const override {
        return std::make_unique<SimulatedTransport>(communicator(), rank_, deferred_);
    }

  private:
    const scenario::Config& config() const { return rank_.world.config; }
    bool defers_sends() const { return config().overlap_progress == OverlapProgress::none; }
    bool defers_receives() const { return !moves_while_computing(); }

    /// The rank is in a call now, and the library looks after all that is under way.
    void enter() {
        deferred_->start([this](std::size_t destination) { require_on(destination); });
    }

    /// Where the library would look after the request only later. `destination` is that of a send.
    Handle defer(MPI_Request request, std::optional<std::size_t> destination) {
        deferred_->add(request, destination);
        return handle_of(request, !destination);
    }

    /// Where it was deferred, MPI keeps it for another use.
    void release(Handle& handle) {
        if (!handle.active()) return;
        MPI_Request request = request_of(handle);
        comm::check(MPI_Request_free(&request), "MPI_Request_free");
        handle = {};
    }

    /// The engine does not survive messages to ranks that went off with their hosts: who sends one, or takes
    /// part in a collective with them, waits for ever.
    void require_on(std::size_t rank) const {
        if (std::ranges::count(rank_.world.lost_ranks, rank) > 0)
            throw simgrid::NetworkFailureException(XBT_THROW_POINT, "it is to a host that is off");
    }
    void require_all_on() const {
        if (!rank_.world.lost_ranks.empty()) require_on(rank_.world.lost_ranks.front());
    }

    Rank& rank_;
    std::shared_ptr<DeferredMessages> deferred_;
};

}  // namespace

std::unique_ptr<comm::Transport> make_transport(Rank& rank) {
    return std::make_unique<SimulatedTransport>(MPI_COMM_WORLD, rank, std::make_shared<DeferredMessages>());
}

}  // namespace lockstep::sim
