// Control messages: everything that happens before the start or after the end of the timed part.

#include <cassert>

#include <mpi.h>

#include "comm/communicator.hpp"
#include "comm/mpi_error.hpp"

namespace lockstep::comm {
namespace {

constexpr int control_tag = 2;

}  // namespace

void Communicator::barrier() {
    for (std::size_t distance = 1; distance < size_; distance *= 2) {
        const std::size_t to = (rank_ + distance) % size_;
        const std::size_t from = (rank_ + size_ - distance) % size_;
        check(MPI_Sendrecv(nullptr, 0, MPI_BYTE, mpi_int(to), control_tag, nullptr, 0, MPI_BYTE,
                           mpi_int(from), control_tag, handle_, MPI_STATUS_IGNORE),
              "MPI_Sendrecv");
    }
}

int Communicator::agree_on_maximum(int value) {
    int maximum = value;
    check(MPI_Allreduce(&value, &maximum, 1, MPI_INT, MPI_MAX, handle_), "MPI_Allreduce");
    return maximum;
}

void Communicator::broadcast_text(std::string& text, std::size_t root) {
    int length = mpi_int(text.size());
    check(MPI_Bcast(&length, 1, MPI_INT, mpi_int(root), handle_), "MPI_Bcast");
    text.resize(static_cast<std::size_t>(length));
    check(MPI_Bcast(text.data(), length, MPI_CHAR, mpi_int(root), handle_), "MPI_Bcast");
}

void Communicator::send_bytes(std::span<const std::byte> bytes, std::size_t destination) {
    const int length = mpi_int(bytes.size());
    check(MPI_Send(&length, 1, MPI_INT, mpi_int(destination), control_tag, handle_), "MPI_Send");
    check(MPI_Send(bytes.data(), length, MPI_BYTE, mpi_int(destination), control_tag, handle_), "MPI_Send");
}

std::vector<std::byte> Communicator::receive_bytes(std::size_t source) {
    int length = 0;
    check(MPI_Recv(&length, 1, MPI_INT, mpi_int(source), control_tag, handle_, MPI_STATUS_IGNORE),
          "MPI_Recv");
    std::vector<std::byte> bytes(static_cast<std::size_t>(length));
    check(MPI_Recv(bytes.data(), length, MPI_BYTE, mpi_int(source), control_tag, handle_, MPI_STATUS_IGNORE),
          "MPI_Recv");
    return bytes;
}

void Communicator::swap_with_peers(std::span<const std::size_t> peers,
                                   std::span<const std::vector<double>> outgoing,
                                   std::span<std::vector<double>> incoming) {
    assert(peers.size() == outgoing.size() && peers.size() == incoming.size());
    std::vector<MPI_Request> requests(2 * peers.size(), MPI_REQUEST_NULL);
    for (std::size_t i = 0; i < peers.size(); ++i) {
        incoming[i].resize(outgoing[i].size());
        check(MPI_Irecv(incoming[i].data(), mpi_int(incoming[i].size()), MPI_DOUBLE, mpi_int(peers[i]),
                        control_tag, handle_, &requests[2 * i]),
              "MPI_Irecv");
    }
    for (std::size_t i = 0; i < peers.size(); ++i)
        check(MPI_Isend(outgoing[i].data(), mpi_int(outgoing[i].size()), MPI_DOUBLE, mpi_int(peers[i]),
                        control_tag, handle_, &requests[2 * i + 1]),
              "MPI_Isend");
    check(MPI_Waitall(mpi_int(requests.size()), requests.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
}

double Communicator::ask_time(std::size_t peer) {
    double theirs_s = 0;
    check(MPI_Send(nullptr, 0, MPI_BYTE, mpi_int(peer), control_tag, handle_), "MPI_Send");
    check(MPI_Recv(&theirs_s, 1, MPI_DOUBLE, mpi_int(peer), control_tag, handle_, MPI_STATUS_IGNORE),
          "MPI_Recv");
    return theirs_s;
}

void Communicator::answer_time(std::size_t peer) {
    check(MPI_Recv(nullptr, 0, MPI_BYTE, mpi_int(peer), control_tag, handle_, MPI_STATUS_IGNORE), "MPI_Recv");
    const double mine_s = now_s();
    check(MPI_Send(&mine_s, 1, MPI_DOUBLE, mpi_int(peer), control_tag, handle_), "MPI_Send");
}

}  // namespace lockstep::comm
