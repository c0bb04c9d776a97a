#pragma once

#include <vector>

#include <mpi.h>

#include "comm/transport.hpp"

namespace lockstep::comm {

/// A transport over a private duplicate of a communicator of MPI's: of a program's own, for instance, that
/// trains among other things. Each call is the one of MPI of the same name, on MPI_BYTE; a message is
/// therefore shorter than 2 GiB.
class MpiTransport : public Transport {
  public:
    /// Collective over `original`, whose own messages, errors and attributes remain as they are. Must end
    /// before MPI_Finalize.
    explicit MpiTransport(MPI_Comm original);
    MpiTransport(const MpiTransport&) = delete;
    MpiTransport& operator=(const MpiTransport&) = delete;
    ~MpiTransport() override;

    std::size_t rank() const override { return rank_; }
    std::size_t size() const override { return size_; }
    double now_s() const override { return MPI_Wtime(); }

    void send(std::span<const std::byte> bytes, std::size_t destination, int tag) override;
    Received receive(std::span<std::byte> buffer, std::size_t source, int tag) override;
    void send_receive(std::span<const std::byte> outgoing, std::size_t destination,
                      std::span<std::byte> incoming, std::size_t source, int tag) override;
    Handle start_send(std::span<const std::byte> bytes, std::size_t destination, int tag) override;
    Handle start_receive(std::span<std::byte> buffer, std::size_t source, int tag) override;
    Received wait(Handle& handle) override;
    std::optional<Received> test(Handle& handle) override;
    Completion wait_any(std::span<Handle> handles) override;
    std::optional<Completion> test_any(std::span<Handle> handles) override;
    std::size_t looks_in_a_row() const override;
    void sum(std::span<float> vector) override;
    int maximum(int value) override;
    void broadcast(std::span<std::byte> buffer, std::size_t root) override;
    std::unique_ptr<Transport> duplicate() const override;

  protected:
    MPI_Comm communicator() const { return communicator_; }
    /// MPI_Request is a pointer in some libraries and a number in others; of none it is an inactive handle.
    static Handle handle_of(MPI_Request request, bool receives, std::size_t peer = Handle::unknown_peer);
    static MPI_Request request_of(Handle handle);

  private:
    /// Fills `requests_`.
    void line_up(std::span<const Handle> handles);
    /// The request at this position of `requests_` is done.
    Completion complete(std::span<Handle> handles, int position, const MPI_Status& status);

    MPI_Comm communicator_ = MPI_COMM_NULL;
    std::size_t rank_ = 0;
    std::size_t size_ = 0;
    std::vector<MPI_Request> requests_;  ///< scratch of wait_any and test_any, kept: they allocate nothing
};

}  // namespace lockstep::comm
