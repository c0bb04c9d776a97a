#include "sim/mpi/simulated_transport.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <mpi.h>
#include <simgrid/Exception.hpp>

#include "comm/mpi/mpi_error.hpp"
#include "comm/mpi/over_mpi.hpp"
#include "scenario/config.hpp"
#include "sim/mpi/library_calls.hpp"

namespace lockstep::sim {
namespace {

using scenario::OverlapProgress;

class SimulatedTransport final : public comm::MpiTransport {
  public:
    SimulatedTransport(MPI_Comm original, Rank& rank) : MpiTransport(original), rank_(rank) {}

    /// MPI_Wtime reads the processor's clock twice, to learn what to charge for a time in which nothing is
    /// charged: a third of the wall time of large timing-only runs.
    double now_s() const override { return sim::now_s(rank_.world); }

    void send(std::span<const std::byte> bytes, std::size_t destination, int tag) override {
        enter_library(rank_);
        require_on(destination);
        MpiTransport::send(bytes, destination, tag);
    }

    Received receive(std::span<std::byte> buffer, std::size_t source, int tag) override {
        enter_library(rank_);
        return MpiTransport::receive(buffer, source, tag);
    }

    void send_receive(std::span<const std::byte> outgoing, std::size_t destination,
                      std::span<std::byte> incoming, std::size_t source, int tag) override {
        enter_library(rank_);
        require_on(destination);
        MpiTransport::send_receive(outgoing, destination, incoming, source, tag);
    }

    Handle start_send(std::span<const std::byte> bytes, std::size_t destination, int tag) override {
        require_on(destination);
        return MpiTransport::start_send(bytes, destination, tag);
    }

    Received wait(Handle& handle) override {
        enter_library(rank_);
        return MpiTransport::wait(handle);
    }

    std::optional<Received> test(Handle& handle) override {
        enter_library(rank_);
        return MpiTransport::test(handle);
    }

    Completion wait_any(std::span<Handle> handles) override {
        enter_library(rank_);
        return MpiTransport::wait_any(handles);
    }

    std::optional<Completion> test_any(std::span<Handle> handles) override {
        enter_library(rank_);
        return MpiTransport::test_any(handles);
    }

    /// Simulated messages move by themselves.
    std::size_t looks_in_a_row() const override { return 1; }

    void sum(std::span<float> vector) override {
        enter_library(rank_);
        require_all_on();
        MpiTransport::sum(vector);
    }

    int maximum(int value) override {
        enter_library(rank_);
        require_all_on();
        return MpiTransport::maximum(value);
    }

    void broadcast(std::span<std::byte> buffer, std::size_t root) override {
        enter_library(rank_);
        require_all_on();
        MpiTransport::broadcast(buffer, root);
    }

    bool moves_while_computing() const override {
        return rank_.world.config.overlap_progress == OverlapProgress::ideal;
    }

    std::unique_ptr<Transport> duplicate() const override {
        return std::make_unique<SimulatedTransport>(communicator(), rank_);
    }

  private:
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
};

}  // namespace

std::unique_ptr<comm::Transport> make_transport(Rank& rank) {
    return std::make_unique<SimulatedTransport>(MPI_COMM_WORLD, rank);
}

}  // namespace lockstep::sim
